using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>
/// Walks one packet through the chains of a host, in the kernel's order: ingress, prerouting, then input, or where it is for another
/// host, perhaps by translation, forward and postrouting.
/// </summary>
/// <remarks>
/// It explains what <see cref="Reach"/> has worked out, and checks it: slow and simple, it takes one packet's bytes through one rule at a time,
/// and has no part in common with the other but the nouns.
/// </remarks>
public sealed class PacketWalk
{
    private const int ConntrackPriority = -200; // linux/netfilter_ipv4.h

    private readonly Ruleset _ruleset;
    private readonly Arrival _arrival;
    private readonly WalkingPacket _packet;
    private readonly PacketEyes _eyes;
    private readonly WalkLog _log;
    private RulePlace? _rule;
    private RulePlace? _policy;

    private PacketWalk(Ruleset ruleset, Arrival arrival, FirstPacket packet, WalkChance chance)
    {
        _ruleset = ruleset;
        _arrival = arrival;
        _packet = new WalkingPacket(packet);
        _eyes = new PacketEyes(arrival, _packet);
        _log = new WalkLog(chance);
    }

    /// <summary>A base chain, with its place among those that were made; or the point at which the kernel does something by itself.</summary>
    private sealed record Halt(int Priority, int Made, FirewallTable? Table, FirewallChain? Chain, ImmutableArray<Halt> Translations);

    /// <summary>Walks a packet.</summary>
    /// <param name="ruleset">The rules.</param>
    /// <param name="arrival">How it comes: version and protocol are those of the packet.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="chance">Decides what the packet alone does not tell.</param>
    public static WalkResult Of(Ruleset ruleset, Arrival arrival, FirstPacket packet, WalkChance chance) =>
        new PacketWalk(ruleset, arrival, packet, chance).Walk();

    private WalkResult Walk()
    {
        WalkEnd end = Hook(HookPoint.Ingress);
        end = end == WalkEnd.On ? Hook(HookPoint.Prerouting) : end;
        end = end == WalkEnd.On ? Routed() : end;
        return new WalkResult(
            end switch { WalkEnd.Drop => WalkVerdict.Dropped, WalkEnd.Reject => WalkVerdict.Rejected, WalkEnd.Unknown => WalkVerdict.Unknown, _ => WalkVerdict.Accepted },
            end == WalkEnd.On ? _rule ?? _policy : _log.Decider,
            _log.Events);
    }

    private WalkEnd Routed()
    {
        if (!_packet.HasNewDestination && _arrival.Onward is NetworkInterface onward)
        {
            return Forwarded("another host", onward);
        }

        if (!_packet.HasNewDestination || _packet.IsForThisHost)
        {
            return Hook(HookPoint.Input);
        }

        int length = _arrival.Version == IpVersion.V4 ? 4 : 16;
        if (_packet.Read(false, length == 4 ? 16 : 24, length, "").Bytes is not byte[] bytes)
        {
            _log.Add(null, "goes to an address that cannot be foreseen");
            return WalkEnd.Unknown;
        }

        IpAddress destination = IpAddress.FromNetworkOrder(bytes);
        if (_eyes.IsOwn(destination))
        {
            return Hook(HookPoint.Input);
        }

        ImmutableArray<NetworkRoute> routes = _arrival.Routes ?? [];
        Dictionary<uint, NetworkRoute> longest = [];
        HashSet<int> ways = [];
        foreach (NetworkRoute one in routes.OrderBy(one => one.Length))
        {
            if (destination.IsIn(one.Prefix, one.Length))
            {
                longest[one.Table] = one;
            }
        }

        foreach (NetworkRoute one in routes)
        {
            if (longest.TryGetValue(one.Table, out NetworkRoute? route) && one.Prefix == route.Prefix && one.Length == route.Length)
            {
                ways.Add(one.Interface);
            }
        }

        return Forwarded(destination.ToString(), ways.Count == 1 ? _arrival.Interfaces.FirstOrDefault(one => ways.Contains(one.Index)) : null);
    }

    private WalkEnd Forwarded(string destination, NetworkInterface? leaving)
    {
        _eyes.IsLeaving = true;
        _eyes.Leaving = leaving;
        if (_arrival.PassesOn == false)
        {
            _log.Add(null, $"would go on to {destination}");
            _log.Decide(RulePlace.NotPassedOn(_arrival), "drop");
            return WalkEnd.Drop;
        }

        _log.Add(null, $"goes on to {destination}{(leaving is null ? "" : " by " + leaving.Name)}");
        WalkEnd end = Hook(HookPoint.Forward);
        return end == WalkEnd.On ? Hook(HookPoint.Postrouting) : end;
    }

    private WalkEnd Hook(HookPoint hook)
    {
        _log.Hook = hook.ToString().ToLowerInvariant();
        foreach (Halt halt in HaltsOf(hook))
        {
            if (halt.Chain is not null)
            {
                WalkEnd end = Base(halt);
                if (end != WalkEnd.On)
                {
                    return end;
                }
            }
            else if (halt.Translations.IsDefault)
            {
                Track();
            }
            else
            {
                WalkEnd end = Translations(halt.Translations, hook);
                if (end != WalkEnd.On)
                {
                    return end;
                }
            }
        }

        return WalkEnd.On;
    }

    /// <summary>Whether it matters: without a rule that asks for connections only chains of the type nat see a difference.</summary>
    private bool HasTranslations => _ruleset.Tables.Any(table => table.Chains.Any(chain => chain.Hook?.Type == "nat"));

    /// <summary>What connection tracking does with a first packet (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c for ICMP).</summary>
    private void Track()
    {
        if (_packet.Connection != ConnectionView.None
            || (!TrackingUse.IsCertain(_ruleset, _arrival.Version) && HasTranslations && !_log.Ask(null, TrackingUse.Text, TrackingUse.Text)))
        {
            return;
        }

        byte type = _packet.Sent.Transport[0];
        ConnectionView view = !_arrival.IsIcmp ? ConnectionView.New
            : _arrival.Version == IpVersion.V4 ? (type is 8 or 13 or 15 or 17 ? ConnectionView.New : ConnectionView.None)
            : type is >= 130 and <= 136 or 143 ? ConnectionView.Untracked
            : type is 128 or 139 ? ConnectionView.New
            : ConnectionView.None;
        _packet.Track(view);
    }

    /// <summary>The chains of the type nat, which hang below one hook of the kernel's (nf_nat_inet_fn in nf_nat_core.c).</summary>
    private WalkEnd Translations(ImmutableArray<Halt> chains, HookPoint hook)
    {
        foreach (Halt halt in chains)
        {
            bool isDone = hook is HookPoint.Prerouting or HookPoint.Output ? _packet.IsDestinationTranslated : _packet.IsSourceTranslated;
            if (_packet.Connection != ConnectionView.New || isDone)
            {
                return WalkEnd.On;
            }

            WalkEnd end = Base(halt);
            if (end != WalkEnd.On)
            {
                return end;
            }
        }

        return WalkEnd.On;
    }

    private WalkEnd Base(Halt halt)
    {
        WalkEnd end = new RuleWalk(halt.Table!, _packet, _eyes, _log, _arrival).Chain(halt.Chain!, 0);
        RulePlace policy = new(halt.Table!, halt.Chain!, null);
        switch (end)
        {
            case WalkEnd.Accept:
                _rule = _log.Decider;
                return WalkEnd.On;
            case WalkEnd.On or WalkEnd.Back:
                bool drops = halt.Chain!.Hook!.DropsByDefault;
                _policy = halt.Chain.Hook.Type == "nat" ? _policy : policy; // that of a chain that translates says nothing of who gets in
                _log.Decide(policy, drops ? "policy drop" : "policy accept");
                return drops ? WalkEnd.Drop : WalkEnd.On;
            default:
                return end;
        }
    }

    /// <summary>The halts of a hook in order. Of equal priority the one that was made last comes first (nf_hook_entries_grow in netfilter/core.c).</summary>
    private List<Halt> HaltsOf(HookPoint hook)
    {
        List<Halt> halts = [];
        List<Halt> translations = [];
        int made = 0;
        foreach (FirewallTable table in _ruleset.Tables)
        {
            foreach (FirewallChain chain in table.Chains)
            {
                made++;
                if (chain.Hook is BaseHook place && place.Point == hook && !table.IsDormant && Sees(table.Family, hook)
                    && (place.Devices.IsEmpty || place.Devices.Contains(_arrival.Interface.Name)))
                {
                    (place.Type == "nat" ? translations : halts).Add(new Halt(place.Priority, made, table, chain, default));
                }
            }
        }

        if (translations.Count > 0)
        {
            int priority = hook is HookPoint.Prerouting or HookPoint.Output ? -100 : 100; // NF_IP_PRI_NAT_DST, NF_IP_PRI_NAT_SRC
            halts.Add(new Halt(priority, translations[0].Made, null, null, [.. InOrder(translations)]));
        }

        if (hook == HookPoint.Prerouting)
        {
            halts.Add(new Halt(ConntrackPriority, int.MaxValue, null, null, default)); // comes with the first rule that asks for connections
        }

        return [.. InOrder(halts)];
    }

    private static IEnumerable<Halt> InOrder(List<Halt> halts) => halts.OrderBy(one => one.Priority).ThenByDescending(one => one.Made);

    private bool Sees(TableFamily family, HookPoint hook) => family switch
    {
        TableFamily.Inet => true,
        TableFamily.Netdev => hook is HookPoint.Ingress,
        TableFamily.Ip => _arrival.Version == IpVersion.V4,
        TableFamily.Ip6 => _arrival.Version == IpVersion.V6,
        _ => false,
    };
}
