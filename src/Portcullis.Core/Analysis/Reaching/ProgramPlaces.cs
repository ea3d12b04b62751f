using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Lists the BPF programs that decide about packets beside the rules.</summary>
internal static class ProgramPlaces
{
    /// <summary>Those of a snapshot: of each namespace, then of control groups.</summary>
    internal static ImmutableArray<PlacedProgram> Of(Snapshot snapshot)
    {
        List<PlacedProgram> placed = [];
        HashSet<uint> everywhere = [];
        foreach (NetworkNamespace network in snapshot.Namespaces)
        {
            foreach (PacketProgram program in network.Programs)
            {
                // Whose namespace is not known stands with each.
                if (program.Hook != ProgramHook.Netfilter || everywhere.Add(program.Id))
                {
                    placed.Add(new PlacedProgram(program, PlaceOf(program, network)));
                }
            }
        }

        placed.AddRange((snapshot.GroupPrograms ?? []).Select(program => new PlacedProgram(program, program.ControlGroup ?? "not seen from here")));
        return [.. placed];
    }

    private static string PlaceOf(PacketProgram program, NetworkNamespace network)
    {
        if (program.Hook == ProgramHook.Netfilter)
        {
            return ProgramText.HookOf(program);
        }

        string? device = network.Interfaces.FirstOrDefault(one => one.Index == program.Interface)?.Name;
        bool isHost = network.Name == NetworkNamespace.HostName;
        return device is null ? (isHost ? "this host" : network.Name) : isHost ? device : $"{device} of {network.Name}";
    }
}
