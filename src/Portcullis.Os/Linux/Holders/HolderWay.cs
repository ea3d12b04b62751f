namespace Portcullis.Os.Linux.Holders;

/// <summary>How holders were found out.</summary>
internal enum HolderWay
{
    /// <summary>By reading /proc.</summary>
    Proc,

    /// <summary>By BPF iterators over the kernel's own tasks and files.</summary>
    Bpf,

    /// <summary>From a recording.</summary>
    Recorded,
}
