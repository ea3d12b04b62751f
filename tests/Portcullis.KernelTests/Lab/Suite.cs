namespace Portcullis.KernelTests.Lab;

/// <summary>The Debian releases of which the lab has a server.</summary>
public enum Suite
{
    /// <summary>Debian 12, systemd 252 without the BPF framework.</summary>
    Bookworm,

    /// <summary>Debian 13, systemd 257 with it.</summary>
    Trixie,
}
