using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Lists what decides about packets beside the rules: BPF programs, and filters of tc(8).</summary>
internal static class ProgramPlaces
{
    /// <summary>Those of a snapshot: of each namespace, then of control groups.</summary>
    internal static ImmutableArray<PlacedProgram> Of(Snapshot snapshot)
    {
        List<PlacedProgram> placed = [];
        HashSet<uint> everywhere = [];
        foreach (NetworkNamespace network in snapshot.Namespaces)
        {
            placed.AddRange(network.Interfaces.Where(one => one.HasXdp).Select(one => new PlacedProgram("xdp", null, null, DeviceOf(one, network))));
            placed.AddRange(network.Interfaces.Where(one => one.HasClassifier).Select(one => new PlacedProgram("tc", null, null, DeviceOf(one, network))));
            foreach (PacketProgram program in network.Programs)
            {
                // Whose namespace is not known stands with each.
                if (program.Hook != ProgramHook.Netfilter || everywhere.Add(program.Id))
                {
                    placed.Add(Placed(program, PlaceOf(program, network)));
                }
            }
        }

        placed.AddRange((snapshot.GroupPrograms ?? []).Select(program => Placed(program, program.ControlGroup ?? "not seen from here")));
        return [.. placed];
    }

    private static string PlaceOf(PacketProgram program, NetworkNamespace network)
    {
        if (program.Hook == ProgramHook.Netfilter)
        {
            return ProgramText.HookOf(program);
        }

        return network.Interfaces.FirstOrDefault(one => one.Index == program.Interface) is NetworkInterface device ? DeviceOf(device, network)
            : network.Name == NetworkNamespace.HostName ? "this host" : network.Name;
    }

    private static PlacedProgram Placed(PacketProgram program, string place) => new(ProgramText.Word(program.Hook), program.Name, program.Id, place);

    private static string DeviceOf(NetworkInterface device, NetworkNamespace network) =>
        network.Name == NetworkNamespace.HostName ? device.Name : $"{device.Name} of {network.Name}";
}
