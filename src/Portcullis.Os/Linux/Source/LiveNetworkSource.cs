using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>Enters the network namespaces of the running machine (setns(2)).</summary>
internal sealed unsafe class LiveNetworkSource : INetworkSource
{
    /// <inheritdoc/>
    public int Visit(NamespaceHandle network, Action<INetworkDoor> visit)
    {
        if (network.Paths is not { } paths)
        {
            using Door door = new();
            visit(door);
            return 0;
        }

        int error = 0;
        OwnThread.Run(() =>
        {
            error = Enter(paths, network.Inode);
            if (error == 0)
            {
                using Door door = new();
                visit(door);
            }
        });
        return error;
    }

    private static int Enter(IReadOnlyList<string> paths, ulong inode)
    {
        int error = Errno.ENOENT;
        foreach (string path in paths)
        {
            error = Enter(path, inode);
            if (error == 0)
            {
                break;
            }
        }

        return error;
    }

    private static int Enter(string path, ulong inode)
    {
        int descriptor;
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            descriptor = Libc.open(bytes, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        }

        if (descriptor < 0 && Errno.Last == Errno.ENXIO)
        {
            descriptor = SocketEntrance.Open(path);
        }

        if (descriptor < 0)
        {
            return Errno.Last;
        }

        try
        {
            // A PID may have been given to another process meanwhile, and a name to another namespace.
            Statx status;
            byte empty = 0;
            if (Libc.statx(descriptor, &empty, Libc.AT_EMPTY_PATH, Statx.BasicStats, &status) != 0)
            {
                return Errno.Last;
            }

            return status.Inode != inode ? Errno.ESRCH
                : Libc.setns(descriptor, LibcSockets.CLONE_NEWNET) == 0 ? 0 : Errno.Last;
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <summary>Keeps one netlink socket a protocol, made in the namespace of the thread.</summary>
    private sealed class Door : INetworkDoor, IDisposable
    {
        private readonly Dictionary<int, NetlinkSocket> _sockets = [];
        private readonly LiveSource _files = new();

        public Answer Ask(int protocol, byte[] request)
        {
            if (!_sockets.TryGetValue(protocol, out NetlinkSocket? socket))
            {
                socket = NetlinkSocket.Open(protocol, out int error);
                if (socket is null)
                {
                    return Answer.Refused(error);
                }

                _sockets[protocol] = socket;
            }

            Answer answer = socket.Dump(request);
            if (answer.Error is Errno.ETIMEDOUT or Errno.EMSGSIZE or Errno.EAGAIN)
            {
                // The rest of that answer would come in the place of the next one.
                _sockets.Remove(protocol);
                socket.Dispose();
            }

            return answer;
        }

        public Answer Option(int level, int option, byte[] question, int length)
        {
            int family = level == LibcSockets.IPPROTO_IPV6 ? LibcSockets.AF_INET6 : LibcSockets.AF_INET;
            int descriptor = LibcSockets.socket(family, LibcSockets.SOCK_RAW | LibcSockets.SOCK_CLOEXEC, LibcSockets.IPPROTO_RAW);
            if (descriptor < 0)
            {
                return Answer.Refused(Errno.Last);
            }

            byte[] answer = new byte[length];
            question.CopyTo(answer, 0);
            uint told = (uint)length;
            int error;
            fixed (byte* bytes = answer)
            {
                error = LibcSockets.getsockopt(descriptor, level, option, bytes, &told) == 0 ? 0 : Errno.Last;
            }

            _ = Libc.close(descriptor);
            return error == 0 ? Answer.Of(answer.AsMemory(0, (int)Math.Min(told, (uint)length))) : Answer.Refused(error);
        }

        // /proc/net is that of the process's main thread; a thread that moved has its own.
        public Answer ProcNet(string name) =>
            _files.File(string.Create(CultureInfo.InvariantCulture, $"/proc/thread-self/net/{name}"), 1 << 26);

        public Answer WireGuardPort(int index)
        {
            Answer families = Ask(LibcSockets.NETLINK_GENERIC, GenericNetlink.FamiliesRequest());
            if (!families.Ok || GenericNetlink.FamilyIn(families.Span, "wireguard"u8) is not ushort family)
            {
                return Answer.Refused(families.Ok ? Errno.ENOENT : families.Error);
            }

            Answer device = Ask(LibcSockets.NETLINK_GENERIC, GenericNetlink.WireGuardRequest(family, index));
            return !device.Ok ? device
                : GenericNetlink.WireGuardPortIn(device.Span) is int port ? Answer.Of(Encoding.ASCII.GetBytes(port.ToString(CultureInfo.InvariantCulture)))
                : Answer.Refused(Errno.ENOENT);
        }

        public Answer Programs(uint attachment, int index)
        {
            if (index != 0)
            {
                return BpfQuestion.Attached(index, attachment, 0);
            }

            int descriptor;
            fixed (byte* path = "/proc/thread-self/ns/net"u8)
            {
                descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
            }

            if (descriptor < 0)
            {
                return Answer.Refused(Errno.Last);
            }

            Answer answer = BpfQuestion.Attached(descriptor, attachment, 0);
            _ = Libc.close(descriptor);
            return answer;
        }

        public void Dispose()
        {
            foreach (NetlinkSocket socket in _sockets.Values)
            {
                socket.Dispose();
            }
        }
    }
}
