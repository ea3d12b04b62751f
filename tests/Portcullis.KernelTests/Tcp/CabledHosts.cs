using System;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Tcp;

/// <summary>Two namespaces, 10.93.0.1 and 10.93.0.2, with a cable of the tests' own between them.</summary>
internal sealed class CabledHosts : IDisposable
{
    private readonly TapDevice _left;
    private readonly TapDevice _right;

    private CabledHosts(Network client, Network server, TapDevice left, TapDevice right, Cable cable)
    {
        Client = client;
        Server = server;
        _left = left;
        _right = right;
        Cable = cable;
    }

    internal Network Client { get; }

    internal Network Server { get; }

    internal Cable Cable { get; }

    internal static async Task<CabledHosts> Create(Fault fault, int seed)
    {
        Network client = await Network.Create();
        Network server = await Network.Create();
        TapDevice left = client.Do(static () => new TapDevice("tap0"));
        TapDevice right = server.Do(static () => new TapDevice("tap0"));
        string script = $"""
            set -e
            ip -n {client.Name} link set tap0 address 02:00:00:00:93:01 up
            ip -n {server.Name} link set tap0 address 02:00:00:00:93:02 up
            ip -n {client.Name} addr add 10.93.0.1/24 dev tap0
            ip -n {server.Name} addr add 10.93.0.2/24 dev tap0
            ip -n {client.Name} neigh replace 10.93.0.2 lladdr 02:00:00:00:93:02 dev tap0 nud permanent
            ip -n {server.Name} neigh replace 10.93.0.1 lladdr 02:00:00:00:93:01 dev tap0 nud permanent
            """;
        (await Command.Run("bash", "-c", script)).MustSucceed();

        // Where every other packet is lost, Linux doubles its timeout up to two minutes (this limit is there since 6.15), and soon forgets a
        // connection that its program has closed already, whatever is still to be sent.
        await server.Run("sysctl", "-w", "net.ipv4.tcp_rto_max_ms=1000", "net.ipv4.tcp_retries2=60", "net.ipv4.tcp_orphan_retries=60");
        return new CabledHosts(client, server, left, right, new Cable(left, right, fault, seed));
    }

    public void Dispose()
    {
        Cable.Dispose();
        _left.Dispose();
        _right.Dispose();
        Client.Dispose();
        Server.Dispose();
    }
}
