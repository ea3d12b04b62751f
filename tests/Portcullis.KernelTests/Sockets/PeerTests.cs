using System.Linq;
using System.Net;
using System.Net.Sockets;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux;
using Xunit;

namespace Portcullis.KernelTests.Sockets;

/// <summary>Who is connected to a listener, as the kernel's own filter chooses it.</summary>
public sealed class PeerTests
{
    [Fact]
    public void Connections_are_counted_of_the_ports_that_were_asked_for_and_of_no_other()
    {
        using TcpListener asked = new(IPAddress.IPv6Any, 0);
        using TcpListener other = new(IPAddress.Any, 0);
        asked.Server.DualMode = true;
        asked.Start();
        other.Start();
        int port = ((IPEndPoint)asked.LocalEndpoint).Port;
        int otherPort = ((IPEndPoint)other.LocalEndpoint).Port;
        using TcpClient one = new("127.0.0.1", port);
        using TcpClient two = new("::1", port);
        using TcpClient three = new("127.0.0.1", otherPort);
        using TcpClient served = asked.AcceptTcpClient();
        using TcpClient servedToo = asked.AcceptTcpClient();
        using TcpClient servedOther = other.AcceptTcpClient();

        Machine machine = new LinuxMachine().Live(record: false).Machine;
        NetworkNamespace host = machine.Sockets.Read().Namespaces.Single(one => one.Name == NetworkNamespace.HostName);

        // Ports around it, so that every place in the chain of the filter is tried.
        foreach (int[] ports in new int[][] { [port], [1, port], [port, 1], [1, 2, port, 4, 5], [.. Enumerable.Range(20000, 1000).Where(number => number != otherPort), port] })
        {
            PeerInventory peers = machine.Sockets.Peers(ports, host);
            Assert.Empty(peers.Gaps);
            Assert.Equal(new PeerCount(port, 2, 0), Assert.Single(peers.Peers!.Value, count => count.Port == port));
            Assert.DoesNotContain(peers.Peers!.Value, count => count.Port == otherPort);
        }

        Assert.Empty(machine.Sockets.Peers([1, 2], host).Peers!.Value);
    }
}
