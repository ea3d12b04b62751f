namespace Portcullis.Core.Model;

/// <summary>Where a BPF program sees packets beside the firewall's rules.</summary>
public enum ProgramHook
{
    /// <summary>Traffic control of an interface, without filters of tc(8) (since Linux 6.6).</summary>
    Tcx,

    /// <summary>The other end of a netkit interface, before its packets come (since Linux 6.7).</summary>
    Netkit,

    /// <summary>A hook of netfilter's, among the rules (since Linux 6.4).</summary>
    Netfilter,

    /// <summary>The choice of the socket that gets a packet, whatever that is bound to (since Linux 5.9).</summary>
    SkLookup,

    /// <summary>The sockets that were made in a control group; systemd's IPAddressDeny= is one (since Linux 4.10).</summary>
    Cgroup,
}
