using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Portcullis.KernelTests.Lab;

namespace Portcullis.Bench;

/// <summary>
/// Twenty datagrams a second from a target to who scans it: masscan 1.3.2 never ends on a link where nothing comes in, since its ear
/// waits without a limit.
/// </summary>
internal sealed class Trickle : IDisposable
{
    private readonly Socket _socket;
    private readonly Timer _timer;

    internal Trickle(NetworkNamespace from, string to)
    {
        _socket = from.Do(static () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        IPEndPoint end = new(IPAddress.Parse(to), 9);
        _timer = new Timer(_ => _socket.SendTo([0], end), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using ManualResetEvent isOver = new(false);
        _timer.Dispose(isOver);
        isOver.WaitOne();
        _socket.Dispose();
    }
}
