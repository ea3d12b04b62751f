namespace Portcullis.Core.Model;

/// <summary>What decides about packets beside the rules, and where a user finds it.</summary>
/// <param name="Kind">Where it sees them: "xdp", "tc", "tcx", "netkit", "netfilter", "sk_lookup", "cgroup".</param>
/// <param name="Name">The name that it was loaded with; null where that is not known.</param>
/// <param name="Id">The kernel's number of it, by which bpftool(8) shows it; null where that is not known, as for filters of tc(8), which may be no program.</param>
/// <param name="Place">The interface, the hook of netfilter or the directory of the control group, and the network namespace where that is not the host's.</param>
public sealed record PlacedProgram(string Kind, string? Name, uint? Id, string Place);
