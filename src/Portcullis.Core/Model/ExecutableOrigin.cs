namespace Portcullis.Core.Model;

/// <summary>Where a running executable's code comes from, as far as its path and link count tell.</summary>
public enum ExecutableOrigin
{
    /// <summary>A file that is still there.</summary>
    File,

    /// <summary>A file that was deleted or replaced since the process started.</summary>
    Deleted,

    /// <summary>Memory that never was a file (memfd_create(2)).</summary>
    Memory,

    /// <summary>A file in a directory that everybody may write to: /tmp, /var/tmp, /dev/shm.</summary>
    Temporary,

    /// <summary>The process is a kernel thread and has none.</summary>
    Kernel,
}
