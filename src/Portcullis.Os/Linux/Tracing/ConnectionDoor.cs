using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Os.Linux.Tracing;

/// <summary>An ordinary connection, by the framework's sockets.</summary>
internal sealed class ConnectionDoor : IConnectionDoor
{
    private readonly Socket _socket;
    private readonly IPEndPoint _target;
    private readonly long _start = Stopwatch.GetTimestamp();
    private bool _hasBegun;

    private ConnectionDoor(Socket socket, IPEndPoint target)
    {
        _socket = socket;
        _target = target;
    }

    /// <inheritdoc/>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>Makes one that is not connected yet.</summary>
    internal static ConnectionDoor Begin(IpAddress target, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        IPAddress address = new(bytes[..target.WriteNetworkOrder(bytes)]);
        return new ConnectionDoor(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false }, new IPEndPoint(address, port));
    }

    /// <inheritdoc/>
    public ConnectionEnd? Connect(TimeSpan until)
    {
        try
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                _socket.Connect(_target);
                return ConnectionEnd.Fine;
            }
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // it is on its way
        }
        catch (SocketException error)
        {
            return Judge(error.SocketErrorCode);
        }

        return _socket.Poll(Left(until), SelectMode.SelectWrite)
            ? Judge((SocketError)(int)(_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) ?? 0))
            : null;
    }

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _socket.Send(bytes);
        }
        catch (SocketException)
        {
            return 0; // full; or over, which the next Receive tells
        }
    }

    /// <inheritdoc/>
    public ConnectionEnd? Receive(Span<byte> to, TimeSpan until, out int length)
    {
        length = 0;
        try
        {
            if (!_socket.Poll(Left(until), SelectMode.SelectRead))
            {
                return null;
            }

            length = _socket.Receive(to);
            return ConnectionEnd.Fine;
        }
        catch (SocketException error)
        {
            return Judge(error.SocketErrorCode);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static ConnectionEnd Judge(SocketError error) => error switch
    {
        SocketError.Success => ConnectionEnd.Fine,
        SocketError.ConnectionRefused or SocketError.ConnectionReset => ConnectionEnd.Reset,
        SocketError.AccessDenied => ConnectionEnd.Rejected,
        SocketError.TimedOut => ConnectionEnd.Silent,
        _ => ConnectionEnd.Unreachable,
    };

    private int Left(TimeSpan until) => (int)Math.Clamp((until - Now).TotalMicroseconds, 0, int.MaxValue);
}
