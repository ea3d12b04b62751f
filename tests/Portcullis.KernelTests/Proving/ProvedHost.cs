using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Proving;

/// <summary>
/// A host with a firewall and a few listeners, and a peer on its link: 8080 is let in for everybody, 5432 over IPv4 from the link, 9999 is
/// rejected as if nothing listened, and everything else is dropped.
/// </summary>
internal sealed class ProvedHost : IDisposable
{
    internal const string Address4 = "10.77.0.1";
    internal const string Address6 = "fd77::1";

    private const string Rules =
        """
        table inet filter {
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            iif "lo" accept
            meta l4proto { icmp, ipv6-icmp } accept
            tcp dport 8080 accept
            ip saddr 10.77.0.0/24 tcp dport 5432 accept
            tcp dport 9999 reject with tcp reset
          }
        }

        """;

    private readonly List<Socket> _listeners = [];

    private readonly Network _between;

    private ProvedHost(Network host, Network peer, Network between)
    {
        Host = host;
        Peer = peer;
        _between = between;
    }

    internal Network Host { get; }

    internal Network Peer { get; }

    /// <summary>Makes both. The listeners stand on 8080, 5432, 6379 and 9999.</summary>
    /// <param name="between">A rule of the switch that stands between them; null for none.</param>
    internal static async Task<ProvedHost> Create(string? between = null)
    {
        ProvedHost made = new(await Network.Create(), await Network.Create(), await Network.Create());
        foreach (string line in (string[])
        [
            $"-n {made._between.Name} link add br0 type bridge", $"-n {made._between.Name} link set br0 up",
            $"-n {made.Host.Name} link add eth0 type veth peer name host netns {made._between.Name}", $"-n {made._between.Name} link set host master br0 up",
            $"-n {made.Peer.Name} link add eth0 type veth peer name peer netns {made._between.Name}", $"-n {made._between.Name} link set peer master br0 up",
            $"-n {made.Host.Name} addr add {Address4}/24 dev eth0", $"-n {made.Host.Name} addr add {Address6}/64 dev eth0 nodad",
            $"-n {made.Peer.Name} addr add 10.77.0.2/24 dev eth0", $"-n {made.Peer.Name} addr add fd77::2/64 dev eth0 nodad",
            $"-n {made.Host.Name} link set eth0 up", $"-n {made.Peer.Name} link set eth0 up",
        ])
        {
            (await Command.Run("ip", line.Split(' '))).MustSucceed();
        }

        await made.Host.Load(Rules);
        if (between is not null)
        {
            await made._between.Load($"add table bridge front\nadd chain bridge front pass {{ type filter hook forward priority 0; }}\nadd rule bridge front pass {between}\n");
        }

        made.Listen(made.Host, 8080, 5432, 6379, 9999);
        return made;
    }

    /// <summary>Listens on ports of every address of a namespace, until the end.</summary>
    internal void Listen(Network network, params int[] ports)
    {
        foreach (int port in ports)
        {
            _listeners.Add(network.Do(() =>
            {
                Socket socket = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
                socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
                socket.Listen();
                return socket;
            }));
        }
    }

    /// <summary>The same over UDP and IPv4 alone.</summary>
    internal void ListenUdp(Network network, int port) => _listeners.Add(network.Do(() =>
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }));

    /// <summary>Audits the host, asked from the peer.</summary>
    internal async Task<ProvedAudit> Audit(params string[] options) => ProvedAudit.Parse(await Host.Portcullis(["audit", "--json", "--prove", "--from", "netns:" + Peer.Name, .. options]));

    public void Dispose()
    {
        _listeners.ForEach(static socket => socket.Dispose());
        Host.Dispose();
        Peer.Dispose();
        _between.Dispose();
    }
}
