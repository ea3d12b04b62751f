using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Scanning;

/// <summary>A host in a namespace of its own whose open ports are known, behind a link to the namespace of whoever scans it.</summary>
internal sealed class KnownTarget : IDisposable
{
    internal const string Address = "10.77.0.2";

    private readonly List<Socket> _listeners;
    private readonly FaultyLink? _link;

    private KnownTarget(NetworkNamespace scanner, NetworkNamespace host, List<Socket> listeners, FaultyLink? link)
    {
        Scanner = scanner;
        Host = host;
        _listeners = listeners;
        _link = link;
        Open = [.. listeners.Select(static one => ((IPEndPoint)one.LocalEndPoint!).Port).Order()];
    }

    /// <summary>Where to scan from.</summary>
    internal NetworkNamespace Scanner { get; }

    /// <summary>The host.</summary>
    internal NetworkNamespace Host { get; }

    /// <summary>The open ports, in order.</summary>
    internal int[] Open { get; }

    /// <summary>Makes one.</summary>
    /// <param name="open">How many ports are open.</param>
    /// <param name="seed">Chooses which.</param>
    /// <param name="faults">What the link does; null for a plain pair of devices.</param>
    internal static async Task<KnownTarget> Make(int open, int seed, LinkFaults? faults)
    {
        NetworkNamespace scanner = await NetworkNamespace.Create();
        NetworkNamespace host = await NetworkNamespace.Create();
        FaultyLink? link = null;
        if (faults is not null)
        {
            link = await FaultyLink.Between(scanner, host, faults);
        }
        else
        {
            (await Command.Run("ip", "link", "add", "va", "netns", scanner.Name, "type", "veth", "peer", "name", "vb", "netns", host.Name)).MustSucceed();
            (await scanner.Run("ip", "address", "add", "10.77.0.1/24", "dev", "va")).MustSucceed();
            (await scanner.Run("ip", "address", "add", "fd77::1/64", "dev", "va", "nodad")).MustSucceed();
            (await host.Run("ip", "address", "add", "10.77.0.2/24", "dev", "vb")).MustSucceed();
            (await host.Run("ip", "address", "add", "fd77::2/64", "dev", "vb", "nodad")).MustSucceed();
            (await scanner.Run("ip", "link", "set", "va", "up")).MustSucceed();
            (await host.Run("ip", "link", "set", "vb", "up")).MustSucceed();
        }

        Random chance = new(seed);
        List<Socket> listeners = host.Do(() => Enumerable.Range(0, open).Select(_ => Listen(chance)).ToList());
        return new KnownTarget(scanner, host, listeners, link);
    }

    /// <summary>A firewall that treats all but the open ports so.</summary>
    internal Task Guard(string verdict) => Host.Load($$"""
        table inet guard {
          set open { type inet_service; elements = { {{string.Join(", ", Open)}} }
          }
          chain input {
            type filter hook input priority 0; policy accept;
            tcp dport != @open {{verdict}}
          }
        }
        """);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Socket listener in _listeners)
        {
            listener.Dispose();
        }

        _link?.Dispose();
        Host.Dispose();
        Scanner.Dispose();
    }

    private static Socket Listen(Random chance)
    {
        while (true)
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.IPv6Any, chance.Next(1, 65_536)));
                socket.Listen(512);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose(); // taken already: another
            }
        }
    }
}
