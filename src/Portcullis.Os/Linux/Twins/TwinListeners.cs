using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Portcullis.Os.Linux.Twins;

/// <summary>Listens in a twin wherever something listens on the host. Over UDP it sends back what comes.</summary>
internal sealed class TwinListeners : IDisposable
{
    private const int SolSocket = 1;
    private const int BindToDevice = 25; // SO_BINDTODEVICE
    private const int Backlog = 4_096;
    private const int PollMicroseconds = 20_000;

    private readonly List<Socket> _sockets = [];
    private readonly List<Socket> _echoes = [];
    private readonly Thread _thread;
    private volatile bool _isOver;

    private TwinListeners()
    {
        _thread = new Thread(Echo) { IsBackground = true, Name = "echo" };
    }

    /// <summary>Opens them in the namespace of the calling thread.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static TwinListeners Open(ImmutableArray<Listener> listeners)
    {
        TwinListeners made = new();
        try
        {
            foreach (Listener listener in listeners.DistinctBy(static one => (one.Protocol, one.Address, one.Port, one.Interface, one.Family)))
            {
                made.Add(listener);
            }
        }
        catch (SocketException refused)
        {
            made.Dispose();
            throw new ProbeException($"nothing can listen in it as on the host: {refused.Message}");
        }

        made._thread.Start();
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _sockets.ForEach(static socket => socket.Dispose());
    }

    private void Add(Listener listener)
    {
        bool isTcp = listener.Protocol == Protocol.Tcp;
        IpAddress address = listener.Address!.Value;
        Socket socket = new(
            address.Version == IpVersion.V4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
            isTcp ? SocketType.Stream : SocketType.Dgram,
            isTcp ? ProtocolType.Tcp : ProtocolType.Udp);
        _sockets.Add(socket);
        if (address.Version == IpVersion.V6)
        {
            socket.DualMode = listener.Family == Core.Model.AddressFamily.Dual;
        }

        // Several programs may share a place on the host (SO_REUSEPORT); here one of each is enough.
        socket.ExclusiveAddressUse = false;
        if (listener.Interface is string device)
        {
            socket.SetRawSocketOption(SolSocket, BindToDevice, Encoding.UTF8.GetBytes(device + '\0'));
        }

        byte[] bytes = new byte[16];
        IPAddress bound = new(bytes.AsSpan(0, address.WriteNetworkOrder(bytes)));
        socket.Bind(new IPEndPoint(bound, listener.Port));
        if (isTcp)
        {
            socket.Listen(Backlog);
        }
        else
        {
            _echoes.Add(socket);
        }
    }

    private void Echo()
    {
        byte[] datagram = new byte[2_048];
        while (!_isOver)
        {
            List<Socket> ready = [.. _echoes];
            if (ready.Count == 0)
            {
                return;
            }

            Socket.Select(ready, null, null, PollMicroseconds);
            foreach (Socket socket in ready)
            {
                try
                {
                    EndPoint from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
                    int count = socket.ReceiveFrom(datagram, ref from);
                    _ = socket.SendTo(datagram.AsSpan(0, count), from);
                }
                catch (SocketException)
                {
                    // A rule keeps the answer in, or an earlier one came back as an error: then it is silent, as a service would be.
                }
            }
        }
    }
}
