using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>
/// What sees packets beside the rules and is not worked out. Each of these may drop a packet, and may rewrite it, so that one which the rules keep
/// out gets in; nothing is sure of packets that pass them.
/// </summary>
internal static class BlindSpots
{
    /// <summary>Those on the way of an arrival, as a user finds them; empty for none.</summary>
    internal static ImmutableArray<string> Of(Ruleset ruleset, Arrival arrival)
    {
        List<string> spots = [];
        if (arrival.Interface.HasXdp)
        {
            spots.Add($"the XDP program of {arrival.Interface.Name}"); // ip -d link
        }

        if (arrival.Interface.HasClassifier)
        {
            spots.Add($"traffic control on {arrival.Interface.Name} (tc filter show dev {arrival.Interface.Name} ingress)");
        }

        if (arrival.Interface.Kind == "bridge")
        {
            spots.AddRange(ruleset.Tables.Where(table => table.Family == TableFamily.Bridge && !table.IsDormant && table.Chains.Any(chain => chain.Hook is not null)).Select(table => $"table bridge {table.Name}"));
        }

        spots.AddRange(arrival.Programs.Where(program => IsMet(program, arrival)).Select(program => ProgramText.Of(program, arrival.Interface.Name)));
        return [.. spots];
    }

    private static bool IsMet(PacketProgram program, Arrival arrival) => program.Hook switch
    {
        ProgramHook.Tcx or ProgramHook.Netkit => program.Interface == arrival.Interface.Index,
        ProgramHook.Netfilter => (program.Version is null || program.Version == arrival.Version) && program.Point is not (HookPoint.Output or HookPoint.Egress),
        ProgramHook.SkLookup => arrival.Onward is null,
        _ => false, // that of a control group sees the sockets made there alone
    };
}
