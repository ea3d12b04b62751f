using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Tcp;

/// <summary>The kernel's TCP with a program behind it that says back what it hears, and closes when the other side has.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly Socket _listener;

    internal EchoServer(Network network, int port, int receiveBuffer = 0)
    {
        _listener = network.Do(() =>
        {
            Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            if (receiveBuffer > 0)
            {
                socket.ReceiveBufferSize = receiveBuffer;
                socket.SendBufferSize = receiveBuffer;
            }

            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            socket.Listen(16);
            return socket;
        });
        new Thread(Serve) { IsBackground = true }.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Serve()
    {
        try
        {
            while (true)
            {
                Socket connection = _listener.Accept();
                new Thread(() => Echo(connection)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // the listener was closed
        }
        catch (ObjectDisposedException)
        {
            // the same
        }
    }

    private static void Echo(Socket connection)
    {
        using (connection)
        {
            byte[] room = new byte[16_384];
            try
            {
                for (int length; (length = connection.Receive(room)) > 0;)
                {
                    connection.Send(room.AsSpan(0, length));
                }
            }
            catch (SocketException)
            {
                // the client is gone
            }
        }
    }
}
