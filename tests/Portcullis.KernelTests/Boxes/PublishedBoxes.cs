using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A server of each suite on which tests/lab/services publishes what guests serve, by one program's rules after the other's.</summary>
public sealed class PublishedBoxes : IAsyncDisposable
{
    /// <summary>The client's addresses: one that rules know nothing of, and one that they do.</summary>
    internal const string Stranger = "10.77.0.1", Admin = "10.77.0.9";

    private static readonly (string State, string Commands, string Destinations)[] s_states =
    [
        ("kube-proxy iptables", "/opt/lab/services kube iptables", "10.77.0.2:22 10.77.0.2:30080 10.77.0.2:30081 10.77.0.50:22 10.77.0.50:80"),
        ("kube-proxy nftables", "/opt/lab/services kube nftables", "10.77.0.2:22 10.77.0.2:30080 10.77.0.2:30081 10.77.0.50:22 10.77.0.50:80"),
        ("kube-proxy behind ufw", "ufw allow 22/tcp && ufw --force enable", "10.77.0.2:22 10.77.0.2:80 10.77.0.2:30080 10.77.0.50:22 10.77.0.50:80"),
        ("libvirt iptables", "ufw --force disable && /opt/lab/services libvirt iptables", "10.77.0.2:22 192.168.122.5:8080"),
        ("libvirt nftables", "/opt/lab/services libvirt nftables", "10.77.0.2:22 192.168.122.5:8080"),
        ("podman iptables", "/opt/lab/services podman iptables", "10.77.0.2:22 10.77.0.2:8081 10.77.0.2:8082 10.77.0.50:8081"),
        ("podman nftables", "/opt/lab/services podman nftables", "10.77.0.2:22 10.77.0.2:8081 10.77.0.2:8082 10.77.0.50:8081"),
        ("podman and ufw", "ufw --force enable", "10.77.0.2:22 10.77.0.2:23 10.77.0.2:8081 10.77.0.2:8082 10.77.0.50:8081"),
        ("podman beside docker", "ufw --force disable && systemctl start docker", "10.77.0.2:22 10.77.0.2:8081 10.77.0.2:8082 10.77.0.50:8081"),
    ];

    private readonly List<Box> _boxes = [];
    private readonly Lazy<Dictionary<Suite, Task<Dictionary<string, PublishedState>>>> _states;

    public PublishedBoxes() => _states = new(() => Enum.GetValues<Suite>().ToDictionary(suite => suite, Play));

    /// <summary>The states' names, in their order.</summary>
    public static IEnumerable<string> States => s_states.Select(one => one.State);

    /// <summary>What was seen of one.</summary>
    internal async Task<PublishedState> Seen(Suite suite, string state) => (await _states.Value[suite])[state];

    public async ValueTask DisposeAsync() => await Task.WhenAll(_boxes.Select(box => box.DisposeAsync().AsTask()));

    private async Task<Dictionary<string, PublishedState>> Play(Suite suite)
    {
        Box box = await Box.Boot(suite);
        lock (_boxes)
        {
            _boxes.Add(box);
        }

        (await box.FromClient("ip", "addr", "add", Admin + "/24", "dev", "eth0")).MustSucceed();
        foreach (string network in (string[])["10.77.0.50/32", "192.168.122.0/24"])
        {
            (await box.FromClient("ip", "route", "add", network, "via", Box.Address4)).MustSucceed();
        }

        Dictionary<string, PublishedState> states = [];
        foreach ((string state, string commands, string destinations) in s_states)
        {
            (await box.Run("bash", "-c", commands)).MustSucceed();
            states[state] = await Look(box, destinations);
        }

        return states;
    }

    private static async Task<PublishedState> Look(Box box, string destinations)
    {
        (string Source, string Address, int Port)[] tried =
            [.. destinations.Split(' ').Select(place => place.Split(':')).SelectMany(place => ((string[])[Stranger, Admin]).Select(source => (source, place[0], int.Parse(place[1], CultureInfo.InvariantCulture))))];
        ImmutableHashSet<(string Source, string Address, int Port)> made = await Attempts.Made(box, tried);
        bool hasGuest = destinations.Contains("192.168.122.5", StringComparison.Ordinal) && (await box.Run("python3", "-c", "import socket; socket.create_connection(('192.168.122.5', 8080), 1)")).ExitCode == 0;
        Dictionary<string, JsonElement> reaches = [];
        foreach (string source in (string[])[Stranger, Admin])
        {
            reaches[source] = JsonElement.Parse((await box.Run(Box.Portcullis, "reach", "--json", "--from", source)).MustSucceed());
        }

        ReportedAudit? audit = hasGuest ? ReportedAudit.Parse(await box.Run(Box.Portcullis, "audit", "--json", "--fail-on", "none")) : null;
        ImmutableArray<(string, string, bool)> connections = [.. tried.Select(one => (one.Source, string.Create(CultureInfo.InvariantCulture, $"{one.Address}:{one.Port}"), made.Contains(one)))];
        return new PublishedState(connections, reaches, audit, (await box.Run("nft", "list", "tables")).MustSucceed());
    }
}
