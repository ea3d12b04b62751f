using System.Globalization;
using System.Runtime.InteropServices;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>The way into a network namespace by a socket that lives in it (SIOCGSKNS, net/socket.c).</summary>
internal static class SocketEntrance
{
    /// <summary>A descriptor of the namespace of the socket at a path such as "/proc/812/fd/7" or "/proc/812/task/813/fd/7"; -1 for an error.</summary>
    internal static int Open(string path)
    {
        string[] parts = path.Split('/');
        bool isThread = parts.Length == 7 && parts[3] == "task" && parts[4] != parts[2];
        if (parts.Length is not (5 or 7) || parts[1] != "proc" || parts[^2] != "fd"
            || !int.TryParse(parts[^3], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return Fail(Errno.ENXIO);
        }

        int refusal = BorrowedDescriptor.Refusal();
        if (refusal != 0)
        {
            return Fail(refusal);
        }

        int process = BorrowedDescriptor.OpenProcess(id, isThread);
        if (process < 0)
        {
            return -1;
        }

        int socket = BorrowedDescriptor.Take(process, number);
        int found = socket < 0 ? -1 : Libc.ioctl(socket, Libc.SIOCGSKNS);
        int error = Errno.Last;
        _ = Libc.close(process);
        if (socket >= 0)
        {
            _ = Libc.close(socket);
        }

        return found >= 0 ? found : Fail(error);
    }

    private static int Fail(int error)
    {
        Marshal.SetLastPInvokeError(error);
        return -1;
    }
}
