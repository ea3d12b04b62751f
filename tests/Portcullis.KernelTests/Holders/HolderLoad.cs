using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;

namespace Portcullis.KernelTests.Holders;

/// <summary>Holders to be found: children (cat, waiting for its input to end) that inherit what was opened for them.</summary>
internal sealed class HolderLoad : IDisposable
{
    private readonly List<Process> _children = [];

    /// <summary>The children's process ids.</summary>
    internal List<int> Pids => _children.ConvertAll(child => child.Id);

    public void Dispose()
    {
        _children.ForEach(child => child.StandardInput.Close());
        _children.ForEach(child => child.WaitForExit());
        _children.ForEach(child => child.Dispose());
    }

    /// <summary>Listening sockets, spread evenly over processes; every child holds one more that all of them share.</summary>
    internal void Listeners(int sockets, int processes)
    {
        using Socket shared = Listener();
        for (int process = 0; process < processes; process++)
        {
            List<Socket> held = [];
            for (int at = 0; at < sockets / processes; at++)
            {
                held.Add(Listener());
            }

            Hand([.. held, shared]);
            held.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Established connections, both ends in the same process, spread evenly over processes.</summary>
    internal void Connections(int pairs, int processes)
    {
        using Socket listener = Listener();
        for (int process = 0; process < processes; process++)
        {
            List<Socket> held = [];
            for (int at = 0; at < pairs / processes; at++)
            {
                Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                client.Connect(listener.LocalEndPoint!);
                held.Add(client);
                held.Add(listener.Accept());
            }

            Hand(held);
            held.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Processes with nothing of interest but so many descriptors, of files.</summary>
    internal void Processes(int processes, int descriptors = 5)
    {
        List<FileStream> files = [];
        for (int at = 3; at < descriptors; at++)
        {
            FileStream file = new("/dev/null", FileMode.Open, FileAccess.Read);
            Native.Inheritable((int)file.SafeFileHandle.DangerousGetHandle());
            files.Add(file);
        }

        for (int process = 0; process < processes; process++)
        {
            Hand([]);
        }

        files.ForEach(file => file.Dispose());
    }

    /// <summary>A listening socket on loopback.</summary>
    internal static Socket Listener()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(128);
        return listener;
    }

    /// <summary>Starts a child that holds the sockets.</summary>
    internal void Hand(List<Socket> sockets)
    {
        sockets.ForEach(socket => Native.Inheritable((int)socket.Handle));
        _children.Add(Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true, UseShellExecute = false })!);
    }
}
