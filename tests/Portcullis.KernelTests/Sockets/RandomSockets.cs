using System;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.KernelTests.Sockets;

/// <summary>Opens a random set of sockets in the calling thread's network namespace and remembers what a snapshot must say of them.</summary>
internal sealed class RandomSockets : IDisposable
{
    private static readonly string[] V4 = ["0.0.0.0", "127.0.0.1", "127.8.9.10"];
    private static readonly string[] V6 = ["::", "::1", "::ffff:127.0.0.1"];

    private readonly Random _random;
    private readonly List<int> _descriptors = [];

    internal RandomSockets(int seed) => _random = new Random(seed);

    /// <summary>What must be seen, and nothing else.</summary>
    internal List<Expected> Expectations { get; } = [];

    /// <summary>One socket as the test made it.</summary>
    internal sealed record Expected(
        Protocol Protocol, IpAddress? Address, int Port, bool? V6Only, int Interface, ulong Inode, uint? Backlog, int? FilterLength, bool? ReusePort)
    {
        internal static Expected Of(SocketFacts socket) => new(
            socket.Protocol, socket.Address, socket.Port, socket.Protocol == Protocol.Raw ? null : socket.V6Only,
            socket.Interface, socket.Inode, socket.Backlog, socket.FilterLength, socket.ReusePort);
    }

    /// <summary>Opens some sockets; those that the kernel refuses (a port in use) are closed again and not expected.</summary>
    internal void Open(int count)
    {
        for (int at = 0; at < count; at++)
        {
            switch (_random.Next(10))
            {
                case 0:
                    OpenPacket();
                    break;
                case 1:
                    OpenRaw();
                    break;
                case 2:
                    OpenDecoy();
                    break;
                default:
                    OpenInternet();
                    break;
            }
        }
    }

    public void Dispose() => _descriptors.ForEach(Native.Close);

    private void OpenInternet()
    {
        bool v6 = _random.Next(2) == 0;
        bool stream = _random.Next(2) == 0;
        bool lite = !stream && _random.Next(4) == 0;
        int descriptor = Make(v6 ? Native.AF_INET6 : Native.AF_INET, stream ? Native.SOCK_STREAM : Native.SOCK_DGRAM, lite ? Native.IPPROTO_UDPLITE : 0);
        string text = v6 ? V6[_random.Next(V6.Length)] : V4[_random.Next(V4.Length)];
        IpAddress address = IpAddress.Parse(text);
        bool? only = v6 ? !address.IsV4Mapped && _random.Next(2) == 0 : null;
        if (only is bool flag)
        {
            Native.V6Only(descriptor, flag);
        }

        bool toLoopback = _random.Next(4) == 0;
        if (toLoopback)
        {
            Native.BindToLoopback(descriptor);
        }

        bool shared = _random.Next(2) == 0;
        if (shared)
        {
            Native.ReusePort(descriptor);
        }

        // Few ports, so that groups, twins of both families and refusals come about.
        int port = _random.Next(20) == 0 ? _random.Next(1, 65536) : _random.Next(8000, 8012);
        uint backlog = (uint)_random.Next(1, 200);
        if (!Native.TryBind(descriptor, address, port) || (stream && !Native.TryListen(descriptor, (int)backlog)))
        {
            return; // it stays open: bound to nothing, or bound without listening, it must not be seen
        }

        // A bind to one IPv6 address makes the socket IPv6-only whatever was asked (__inet6_bind of net/ipv6/af_inet6.c).
        only = v6 ? only == true || (!address.IsAny && !address.IsV4Mapped) : null;
        Expectations.Add(new Expected(
            stream ? Protocol.Tcp : lite ? Protocol.UdpLite : Protocol.Udp, address, port, only,
            toLoopback ? 1 : 0, Native.Inode(descriptor), stream ? backlog : null, null, shared));
    }

    private void OpenPacket()
    {
        int descriptor = Make(Native.AF_PACKET, _random.Next(2) == 0 ? Native.SOCK_RAW : Native.SOCK_DGRAM, 0x0300);
        int filter = _random.Next(3) == 0 ? _random.Next(1, 20) : 0;
        if (filter > 0)
        {
            Native.AttachFilter(descriptor, filter);
        }

        Expectations.Add(new Expected(Protocol.Packet, null, 0, null, 0, Native.Inode(descriptor), null, filter, false));
    }

    private void OpenRaw()
    {
        bool v6 = _random.Next(2) == 0;
        int number = v6 ? 58 : _random.Next(2) == 0 ? 1 : _random.Next(100, 200);
        int descriptor = Make(v6 ? Native.AF_INET6 : Native.AF_INET, Native.SOCK_RAW, number);
        IpAddress address = v6 ? IpAddress.AnyV6 : IpAddress.AnyV4;
        Expectations.Add(new Expected(Protocol.Raw, address, number, null, 0, Native.Inode(descriptor), null, null, false));
    }

    /// <summary>What is open but takes nothing from strangers: bound without listening, or connected.</summary>
    private void OpenDecoy()
    {
        IpAddress loopback = IpAddress.Parse("127.0.0.1");
        if (_random.Next(2) == 0)
        {
            Native.TryBind(Make(Native.AF_INET, Native.SOCK_STREAM, 0), loopback, _random.Next(9000, 9100));
        }
        else
        {
            Native.TryConnect(Make(Native.AF_INET, Native.SOCK_DGRAM, 0), loopback, 7);
        }
    }

    private int Make(int family, int type, int protocol)
    {
        int descriptor = Native.Socket(family, type, protocol);
        _descriptors.Add(descriptor);
        return descriptor;
    }
}
