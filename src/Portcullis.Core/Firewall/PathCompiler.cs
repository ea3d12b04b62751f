using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>
/// Puts the base chains that a packet meets one behind the other, in the kernel's order: ingress, prerouting, then input, or where it is for
/// another host, perhaps by translation, forward and postrouting.
/// </summary>
internal sealed class PathCompiler
{
    // linux/netfilter_ipv4.h. Chains of the type nat hang below one hook of the kernel's, whatever priority they name (nf_nat_proto.c).
    private const int Conntrack = -200;
    private const int TranslateDestination = -100;
    private const int TranslateSource = 100;
    private const int MostRelabelled = 64;

    private readonly Ruleset _ruleset;
    private readonly Arrival _arrival;
    private readonly DiagramStore _store;
    private readonly Layout _layout;
    private readonly Ledger _ledger = new();
    private readonly Dictionary<(FirewallTable, int), ChainCompiler> _compilers = [];
    private readonly Dictionary<(HookPoint, int, int, int), int> _functions = [];
    private readonly Dictionary<HookPoint, ImmutableArray<Stage>> _stages = [];
    private RulePlace? _notPassedOn;

    internal PathCompiler(Ruleset ruleset, Arrival arrival, DiagramStore store, Layout layout)
    {
        _ruleset = ruleset;
        _arrival = arrival;
        _store = store;
        _layout = layout;
    }

    /// <summary>One base chain with its table; without a chain the point at which connections are tracked.</summary>
    private sealed record Stage(FirewallTable? Table, FirewallChain? Chain, int Priority, int Named);

    /// <summary>The numbers of the outcomes in <see cref="Function"/>.</summary>
    internal Ledger Ledger => _ledger;

    /// <summary>What becomes of a packet from its arrival to its end, or its acceptance.</summary>
    internal int Function() => After(HookPoint.Ingress, 0, _ledger.NumberOf(new PacketState()), null);

    /// <summary>What becomes of a packet from a chain of a hook on.</summary>
    private int After(HookPoint hook, int index, int state, NetworkInterface? leaving)
    {
        ImmutableArray<Stage> stages = StagesOf(hook);
        if (index == stages.Length)
        {
            return Next(hook, state, leaving);
        }

        (HookPoint, int, int, int) key = (hook, index, state, leaving?.Index ?? 0);
        if (!_functions.TryGetValue(key, out int function))
        {
            _functions[key] = function = Through(stages[index], hook, index, state, leaving);
        }

        return function;
    }

    private int Through(Stage stage, HookPoint hook, int index, int state, NetworkInterface? leaving)
    {
        PacketState before = _ledger.StateOf(state);
        if (stage.Chain is null)
        {
            if (before.Tracking != Tracking.NotYet)
            {
                return After(hook, index + 1, state, leaving);
            }

            int with = Tracked(before, state, view => After(hook, index + 1, view, leaving));
            return !HasTranslations || TrackingUse.IsCertain(_ruleset, _arrival.Version) ? with
                : _store.Branch(_layout.RankOfLiteral(TrackingUse.Text, TrackingUse.Text), [0, ulong.MaxValue], [After(hook, index + 1, state, leaving), with]);
        }

        if (stage.Chain.Hook!.Type == "nat" && before.IsSourceTranslated && hook is HookPoint.Input or HookPoint.Postrouting)
        {
            return After(hook, index + 1, state, leaving);
        }

        // Of a connection that is not tracked, or translated already, no chain of the type nat sees anything (nf_nat_inet_fn).
        if (stage.Chain.Hook!.Type == "nat" && (before.Tracking != Tracking.New || (before.IsTranslated && hook == HookPoint.Prerouting)))
        {
            return After(hook, index + 1, state, leaving);
        }

        int policy = _ledger.NumberOf(new RulePlace(stage.Table!, stage.Chain, null));
        bool drops = stage.Chain.Hook.DropsByDefault;
        int function = CompilerOf(stage.Table!, leaving, hook is HookPoint.Forward or HookPoint.Postrouting).Chain(stage.Chain, state);
        return _store.Bind(function, number => _ledger.OutcomeOf(number) switch
        {
            { Kind: OutcomeKind.Fall, State: var next } => drops
                ? _ledger.End(OutcomeKind.Drop, policy, Ledger.NoState)
                : stage.Chain.Hook.Type == "nat" ? After(hook, index + 1, next < 0 ? state : next, leaving) // it says nothing of who gets in
                : AcceptedBy(policy, After(hook, index + 1, next < 0 ? state : next, leaving)),
            { Kind: OutcomeKind.Accept } accepted => AcceptedBy(accepted.By, After(hook, index + 1, accepted.State, leaving)),
            _ => DiagramStore.End(number),
        });
    }

    /// <summary>Without chains of the type nat it makes no difference where nobody asks for connections.</summary>
    private bool HasTranslations => _ruleset.Tables.Any(table => table.Chains.Any(chain => chain.Hook?.Type == "nat"));

    /// <summary>
    /// What connection tracking makes of a first packet. Of ICMP only requests begin a connection, and the neighbour discovery of IPv6 is never
    /// tracked (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c).
    /// </summary>
    private int Tracked(PacketState before, int state, Func<int, int> after)
    {
        PacketState tracked = before with { Tracking = Tracking.New, IsOriginalChanged = before.Address is not null || before.Port is not null || before.Changed.Any(one => one.Field.Source is FieldSource.NetworkHeader or FieldSource.TransportHeader) };
        int begun = after(_ledger.NumberOf(tracked));
        if (!_arrival.IsIcmp)
        {
            return begun;
        }

        int alone = after(_ledger.NumberOf(before with { Tracking = Tracking.Untracked }));
        int rest = after(state);
        (ulong Last, int Function)[] types = _arrival.Version == IpVersion.V4
            ? [(7, rest), (8, begun), (12, rest), (13, begun), (14, rest), (15, begun), (16, rest), (17, begun), (ulong.MaxValue, rest)]
            : [(127, rest), (128, begun), (129, rest), (136, alone), (138, rest), (139, begun), (142, rest), (143, alone), (ulong.MaxValue, rest)];
        return _store.Branch(_layout.RankOf(PacketDimension.IcmpType), [.. types.Select(one => one.Last)], [.. types.Select(one => one.Function)]);
    }

    /// <summary>
    /// Names who let a packet in: the last rule that said so, and a policy only where no rule did. In a function that is large already the
    /// names stay.
    /// </summary>
    private int AcceptedBy(int place, int function)
    {
        bool isRule = _ledger.PlaceOf(place)?.Rule is not null;
        return !DiagramStore.IsEnd(function) && _store.LastsOf(function).Length > MostRelabelled ? function : _store.Bind(function, number =>
            _ledger.OutcomeOf(number) is { Kind: OutcomeKind.Accept } accepted && (accepted.By == 0 || (isRule && _ledger.PlaceOf(accepted.By)!.Rule is null))
                ? _ledger.End(OutcomeKind.Accept, place, accepted.State)
                : DiagramStore.End(number));
    }

    /// <summary>What comes behind the last chain of a hook.</summary>
    private int Next(HookPoint hook, int state, NetworkInterface? leaving)
    {
        PacketState now = _ledger.StateOf(state);
        switch (hook)
        {
            case HookPoint.Ingress:
                return After(HookPoint.Prerouting, 0, state, null);
            case HookPoint.Prerouting when now.Address is null && _arrival.Onward is NetworkInterface onward:
                return Onward(state, onward);
            case HookPoint.Prerouting when now.Address is null:
                return After(HookPoint.Input, 0, state, null);
            case HookPoint.Prerouting:
                if (now.Address.IsOwn)
                {
                    return After(HookPoint.Input, 0, state, null);
                }

                IpAddress? target = now.Address.Bytes.Length is 4 or 16 ? IpAddress.FromNetworkOrder(now.Address.Bytes.AsSpan()) : null;
                return target is not IpAddress address ? _ledger.End(OutcomeKind.Unknown, 0, state)
                    : AddressTypes.IsLocal(address, _arrival) ? After(HookPoint.Input, 0, state, null)
                    : Onward(state, RouteLookup.LeavingFor(address, _arrival));
            case HookPoint.Forward:
                return After(HookPoint.Postrouting, 0, state, leaving);
            default:
                return _ledger.End(OutcomeKind.Accept, 0, _ledger.NumberOf(new PacketState { Address = now.Address, Port = now.Port })); // all that is told of it
        }
    }

    /// <summary>What becomes of a packet for another host: where forwarding is off, it ends before any rule is asked (ip_route_input_slow, ip6_forward).</summary>
    private int Onward(int state, NetworkInterface? leaving) => _arrival.PassesOn == false
        ? _ledger.End(OutcomeKind.Drop, _ledger.NumberOf(_notPassedOn ??= RulePlace.NotPassedOn(_arrival)), Ledger.NoState)
        : After(HookPoint.Forward, 0, state, leaving);

    private ImmutableArray<Stage> StagesOf(HookPoint hook)
    {
        if (_stages.TryGetValue(hook, out ImmutableArray<Stage> known))
        {
            return known;
        }

        // Of equal priority the one that was made last comes first (nf_hook_entries_grow in net/netfilter/core.c). Tables and chains are told in the
        // order in which they were made. Connection tracking comes with the first rule that needs it, after its chain.
        List<Stage> stages = [];
        if (hook == HookPoint.Prerouting)
        {
            stages.Add(new Stage(null, null, Conntrack, Conntrack));
        }

        foreach (FirewallTable table in _ruleset.Tables.Reverse().Where(table => !table.IsDormant && Sees(table.Family, hook)))
        {
            foreach (FirewallChain chain in table.Chains.Reverse())
            {
                if (chain.Hook is BaseHook place && place.Point == hook && (place.Devices.IsEmpty || place.Devices.Contains(_arrival.Interface.Name, StringComparer.Ordinal)))
                {
                    stages.Add(new Stage(table, chain, PriorityOf(place), place.Priority));
                }
            }
        }

        return _stages[hook] = InOrder(stages);
    }

    /// <summary>
    /// By priority. All chains of the type nat hang together below one hook, which was made with the first of them, and among themselves are in order
    /// of the priorities that they name (nf_nat_register_fn in nf_nat_core.c).
    /// </summary>
    private static ImmutableArray<Stage> InOrder(List<Stage> stages)
    {
        Stage[] translations = [.. stages.Where(IsTranslation)];
        List<Stage> others = [.. stages.Where(stage => !IsTranslation(stage) || stage == translations[^1]).OrderBy(stage => stage.Priority)];
        int at = others.FindIndex(IsTranslation);
        if (at >= 0)
        {
            others.RemoveAt(at);
            others.InsertRange(at, translations.OrderBy(stage => stage.Named));
        }

        return [.. others];
    }

    private static bool IsTranslation(Stage stage) => stage.Chain?.Hook!.Type == "nat";

    private static int PriorityOf(BaseHook place) => place.Type != "nat" ? place.Priority
        : place.Point is HookPoint.Prerouting or HookPoint.Output ? TranslateDestination : TranslateSource;

    private bool Sees(TableFamily family, HookPoint hook) => family switch
    {
        TableFamily.Inet => true,
        TableFamily.Netdev => hook == HookPoint.Ingress,
        TableFamily.Ip => _arrival.Version == IpVersion.V4,
        TableFamily.Ip6 => _arrival.Version == IpVersion.V6,
        _ => false,
    };

    private ChainCompiler CompilerOf(FirewallTable table, NetworkInterface? leaving, bool isLeaving)
    {
        int by = leaving?.Index ?? (isLeaving ? -1 : 0);
        if (!_compilers.TryGetValue((table, by), out ChainCompiler? compiler))
        {
            MatchCompiler matches = new(_store, _layout, new FieldReader(_arrival, _layout) { Leaving = leaving, IsLeaving = isLeaving }, _arrival, $"{table.Family} {table.Name}");
            _compilers[(table, by)] = compiler = new ChainCompiler(table, _store, _ledger, matches, _arrival);
        }

        return compiler;
    }
}
