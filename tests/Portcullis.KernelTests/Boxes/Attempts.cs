using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>Connections over TCP that a box's client tries, all at once.</summary>
internal static class Attempts
{
    // One line for each connection that was made, as it was asked for: "SOURCE ADDRESS PORT".
    private const string Connect = """
        import selectors, socket, sys, time
        wanted = selectors.DefaultSelector()
        for asked in sys.argv[1].split(','):
            source, address, port = asked.split()
            link = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET)
            link.setblocking(False)
            link.bind((source, 0))
            try:
                link.connect((address, int(port)))
            except BlockingIOError:
                wanted.register(link, selectors.EVENT_WRITE, asked)
        end = time.monotonic() + 1.5
        while wanted.get_map() and time.monotonic() < end:
            for key, _ in wanted.select(0.1):
                if key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                    print(key.data)
                wanted.unregister(key.fileobj)
        """;

    /// <summary>Those that were made within a second and a half.</summary>
    internal static async Task<ImmutableHashSet<(string Source, string Address, int Port)>> Made(Box box, IEnumerable<(string Source, string Address, int Port)> tried)
    {
        Dictionary<string, (string Source, string Address, int Port)> asked = tried.ToDictionary(one => string.Create(CultureInfo.InvariantCulture, $"{one.Source} {one.Address} {one.Port}"), StringComparer.Ordinal);
        string made = (await box.FromClient("python3", "-c", Connect, string.Join(',', asked.Keys))).MustSucceed();
        return [.. made.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => asked[line])];
    }
}
