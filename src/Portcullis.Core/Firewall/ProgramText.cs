using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>Names BPF programs so that a user finds them again with bpftool(8).</summary>
public static class ProgramText
{
    /// <summary>The hook, as the kernel's own tools write it.</summary>
    public static string Word(ProgramHook hook) => hook == ProgramHook.SkLookup ? "sk_lookup" : hook.ToString().ToLowerInvariant();

    /// <summary>A program with its place: "the BPF program sd_fw_ingress of the control group x.service (bpftool cgroup show /sys/fs/cgroup/x.service)".</summary>
    /// <param name="program">The program.</param>
    /// <param name="device">The name of the interface that it is attached to.</param>
    public static string Of(PacketProgram program, string device)
    {
        string name = program.Name ?? program.Id.ToString(CultureInfo.InvariantCulture);
        return program.Hook switch
        {
            ProgramHook.Tcx => $"the BPF program {name} of traffic control on {device} (bpftool net show dev {device})",
            ProgramHook.Netkit => $"the BPF program {name} at the other end of {device} (bpftool net show dev {device})",
            ProgramHook.Netfilter => string.Create(CultureInfo.InvariantCulture, $"the BPF program {name} at netfilter's hook {HookOf(program)} of some network namespace (bpftool prog show id {program.Id})"),
            ProgramHook.SkLookup => string.Create(CultureInfo.InvariantCulture, $"the BPF program {name} that chooses sockets (sk_lookup; bpftool prog show id {program.Id})"),
            _ when program.ControlGroup is null => string.Create(CultureInfo.InvariantCulture, $"the BPF program {name} of a control group that is not seen from here (bpftool prog show id {program.Id})"),
            _ => $"the BPF program {name} of the control group {GroupOf(program)} (bpftool cgroup show {program.ControlGroup})",
        };
    }

    /// <summary>"ipv4 input".</summary>
    internal static string HookOf(PacketProgram program)
    {
        string point = program.Point?.ToString().ToLowerInvariant() ?? "unknown";
        return program.Version switch { IpVersion.V4 => "ipv4 " + point, IpVersion.V6 => "ipv6 " + point, _ => point };
    }

    private static string GroupOf(PacketProgram program)
    {
        string directory = program.ControlGroup ?? "";
        return directory[(directory.LastIndexOf('/') + 1)..];
    }
}
