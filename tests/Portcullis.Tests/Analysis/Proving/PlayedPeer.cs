using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Tests.Analysis.Proving;

/// <summary>A place from which a machine is asked that answers as the test says, round by round.</summary>
internal sealed class PlayedPeer(Func<int, ushort, PortState> answer) : IPeers, IPeer, IArrivals
{
    private readonly List<ImmutableArray<ushort>> _asked = [];

    public string Name => "web2";

    public bool IsHere { get; init; }

    public IpAddress? SeenAs { get; init; } = Asked.Host;

    /// <summary>Whether its packets come in to the machine.</summary>
    internal bool LeadsHere { get; init; } = true;

    /// <summary>Whether arrivals can be seen at all.</summary>
    internal bool CanWatch { get; init; } = true;

    /// <summary>The TCP ports of each scan.</summary>
    internal IReadOnlyList<ImmutableArray<ushort>> Scans => _asked;

    public IPeer Open(string name, string program) => this;

    public IArrivals? Watch(IpVersion version, out string why)
    {
        why = CanWatch ? "" : "not root";
        return CanWatch ? this : null;
    }

    public ScanReport Scan(IpAddress address, ImmutableArray<ushort> tcp, ImmutableArray<ushort> udp, CancellationToken cancellation)
    {
        _asked.Add(tcp);
        return new ScanReport { Target = address.ToString(), Address = address, Source = Asked.Peer, Ports = [.. tcp.Select(port => new ScannedPort(Protocol.Tcp, port, answer(_asked.Count, port)))] };
    }

    public ImmutableArray<ArrivedPackets> Seen() => LeadsHere && _asked.Count > 0 ? [new ArrivedPackets(Asked.Peer, Asked.Host, 2, _asked[^1], IsWhole: true)] : [];

    public void Dispose()
    {
    }
}
