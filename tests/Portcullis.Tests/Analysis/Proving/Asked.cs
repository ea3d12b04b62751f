using Portcullis.Core.Model;

namespace Portcullis.Tests.Analysis.Proving;

/// <summary>Has the machines of <see cref="Facts"/> asked from elsewhere.</summary>
internal static class Asked
{
    internal static readonly IpAddress Host = IpAddress.Parse("203.0.113.7");
    internal static readonly IpAddress Peer = IpAddress.Parse("198.51.100.9");

    internal static Snapshot From(Snapshot snapshot, params SeenPorts[] seen) => snapshot with { Outside = [View(seen)] };

    internal static OutsideView View(params SeenPorts[] seen) => new() { From = "web2", Address = Host, Source = Peer, Destination = Host, Interface = "eth0", Ports = [.. seen] };

    internal static SeenPorts Tcp(int port, PortState state, bool? hasArrived = true) => new(Protocol.Tcp, port, port, state, hasArrived);

    internal static SeenPorts Udp(int port, PortState state) => new(Protocol.Udp, port, port, state, null);
}
