using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Packets;
using Portcullis.Os.Linux.Packets;
using Portcullis.Os.Linux.Peers;

namespace Portcullis.KernelTests.Proving;

/// <summary>
/// Answers the handshake on a port without any listening socket, as some backdoors do: it hears packets before the firewall asks for
/// them, and sends its own.
/// </summary>
internal sealed class SocketlessPort : IDisposable
{
    private readonly PacketRing _ring;
    private readonly Socket _sender;
    private readonly Thread _thread;
    private readonly ushort _port;
    private volatile bool _isOver;

    /// <summary>Begins to answer over IPv4 on a port of a namespace.</summary>
    internal SocketlessPort(Lab.NetworkNamespace network, int port)
    {
        _port = (ushort)port;
        (_ring, _sender) = network.Do(() =>
        {
            Socket sender = new(System.Net.Sockets.AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw) { Blocking = true };
            sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
            return (PacketRing.Open(IpVersion.V4, OpeningFilter.For(IpVersion.V4)), sender);
        });
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _ring.Dispose();
        _sender.Dispose();
    }

    private void Run()
    {
        while (!_isOver)
        {
            if (_ring.Drain(64, Answer) == 0)
            {
                _ring.Wait(10_000);
            }
        }
    }

    private void Answer(ReadOnlySpan<byte> bytes, long stamp, bool isChecked, int entrance)
    {
        if (IpPacket.Read(bytes, out IpPacket packet, isQuoted: true) != PacketFault.None || TcpSegment.Read(packet.Payload, out TcpSegment segment) != PacketFault.None || segment.DestinationPort != _port)
        {
            return;
        }

        Span<byte> answer = stackalloc byte[64];
        int length = new TcpHeader
        {
            SourcePort = _port,
            DestinationPort = segment.SourcePort,
            Sequence = 7,
            Acknowledgement = segment.Sequence + 1,
            Control = TcpControl.Syn | TcpControl.Ack,
            Window = 1024,
        }.Write(answer[Ipv4Packet.LeastHeader..], packet.Destination, packet.Source, []);
        length += new Ipv4Header { TimeToLive = 64, Protocol = TcpSegment.Number, Source = packet.Destination, Destination = packet.Source }.Write(answer, length);
        _sender.SendTo(answer[..length], new IPEndPoint(IPAddress.Parse(packet.Source.ToString()), 0));
    }
}
