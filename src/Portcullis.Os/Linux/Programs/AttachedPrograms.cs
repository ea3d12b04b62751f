using System.Collections.Generic;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Programs;

/// <summary>The BPF programs that are attached inside one network namespace, still without their names.</summary>
/// <param name="Programs">The programs.</param>
/// <param name="Error">The errno for which some were not told; 0 for none.</param>
internal sealed record AttachedPrograms(IReadOnlyList<PacketProgram> Programs, int Error)
{
    private const string NetkitKind = "netkit"; // IFLA_INFO_KIND of drivers/net/netkit.c

    /// <summary>Reads them.</summary>
    /// <param name="door">The namespace.</param>
    /// <param name="interfaces">Its interfaces.</param>
    internal static AttachedPrograms Read(INetworkDoor door, IEnumerable<NetworkInterface> interfaces)
    {
        List<PacketProgram> programs = [];
        int error = Add(door, Libc.BPF_SK_LOOKUP, new PacketProgram { Hook = ProgramHook.SkLookup, Id = 0 }, programs);
        foreach (NetworkInterface one in interfaces)
        {
            if (ProgramErrors.IsRefusal(error))
            {
                break; // the rest will be too
            }

            int refused = Add(door, Libc.BPF_TCX_INGRESS, new PacketProgram { Hook = ProgramHook.Tcx, Id = 0, Interface = one.Index }, programs);
            refused = refused == 0 && one.Kind == NetkitKind ? Add(door, Libc.BPF_NETKIT_PEER, new PacketProgram { Hook = ProgramHook.Netkit, Id = 0, Interface = one.Index }, programs) : refused;
            error = error == 0 ? refused : error;
        }

        return new AttachedPrograms(programs, error);
    }

    private static int Add(INetworkDoor door, uint attachment, PacketProgram program, List<PacketProgram> programs)
    {
        Answer answer = door.Programs(attachment, program.Interface ?? 0);
        foreach (uint id in BpfProgram.NumbersIn(answer.Span))
        {
            programs.Add(program with { Id = id });
        }

        return ProgramErrors.IsNone(answer.Error) ? 0 : answer.Error;
    }
}
