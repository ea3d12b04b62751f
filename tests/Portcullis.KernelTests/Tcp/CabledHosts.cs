using System;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Tcp;

/// <summary>Two hosts, 10.93.0.1 and 10.93.0.2, with a link of the tests' own between them, who know each other's card already: what the link loses is TCP's.</summary>
internal sealed class CabledHosts : IDisposable
{
    private CabledHosts(Network client, Network server, FaultyLink link)
    {
        Client = client;
        Server = server;
        Link = link;
    }

    internal Network Client { get; }

    internal Network Server { get; }

    internal FaultyLink Link { get; }

    internal static async Task<CabledHosts> Create(LinkFaults faults)
    {
        Network client = await Network.Create();
        Network server = await Network.Create();
        CabledHosts hosts = new(client, server, await FaultyLink.Between(client, server, faults, "10.93.0.1/24", "10.93.0.2/24"));
        await Introduce(client, "02:00:00:00:93:01", "10.93.0.2", "02:00:00:00:93:02");
        await Introduce(server, "02:00:00:00:93:02", "10.93.0.1", "02:00:00:00:93:01");

        // Where every other packet is lost, Linux doubles its timeout up to two minutes, and soon forgets a connection that its program
        // has closed already, whatever is still to be sent. The first of these limits is there since 6.15: an older kernel only takes longer.
        (await server.Run("sysctl", "-w", "net.ipv4.tcp_retries2=60", "net.ipv4.tcp_orphan_retries=60")).MustSucceed();
        await server.Run("sysctl", "-w", "net.ipv4.tcp_rto_max_ms=1000");
        return hosts;
    }

    public void Dispose()
    {
        Link.Dispose();
        Client.Dispose();
        Server.Dispose();
    }

    private static async Task Introduce(Network host, string card, string peer, string peersCard)
    {
        (await host.Run("ip", "link", "set", FaultyLink.Device, "address", card)).MustSucceed();
        (await host.Run("ip", "neigh", "replace", peer, "lladdr", peersCard, "dev", FaultyLink.Device, "nud", "permanent")).MustSucceed();
    }
}
