namespace Portcullis.Os.Linux.Source;

/// <summary>The part of the door that leads to the BPF programs of the whole machine (bpf(2)).</summary>
internal interface IProgramSource
{
    /// <summary>All links of one kind: the first 64 bytes of struct bpf_link_info for each.</summary>
    /// <param name="kind">A BPF_LINK_TYPE_ constant of linux/bpf.h.</param>
    Answer Links(uint kind);

    /// <summary>The numbers of all programs of one kind that are loaded, u32 each.</summary>
    /// <param name="kind">A BPF_PROG_TYPE_ constant.</param>
    Answer Loaded(uint kind);

    /// <summary>One program: the beginning of struct bpf_prog_info, as far as its name.</summary>
    /// <param name="id">Its number.</param>
    Answer Program(uint id);

    /// <summary>The directory of a control group.</summary>
    /// <param name="mount">Where the one hierarchy (cgroup2) is mounted.</param>
    /// <param name="id">The group's number, as sockets tell it.</param>
    Answer ControlGroup(string mount, ulong id);

    /// <summary>
    /// The numbers of the programs that see what comes in to the sockets of a control group (BPF_CGROUP_INET_INGRESS), u32 each: its own, and
    /// those of the groups around it as far as they count here.
    /// </summary>
    /// <param name="mount">Where the one hierarchy is mounted.</param>
    /// <param name="id">The group's number; it may lie outside of what is mounted there.</param>
    Answer GroupPrograms(string mount, ulong id);

    /// <summary>The numbers of the programs that are attached to a control group itself, u32 each.</summary>
    /// <param name="directory">Its directory.</param>
    Answer OwnPrograms(string directory);
}
