using System;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>What must not be stopped or removed without a thought, since whoever does it may not get in again.</summary>
internal static class Caution
{
    private static readonly string[] WaysIn =
    [
        "ssh", "sshd", "sshd-session", "dropbear", "tinysshd", "openssh-server", "xrdp", "cockpit", "cockpit-ws", "webmin", "openvpn", "tailscaled", "charon", "charon-systemd", "pluto", "tincd",
        "zerotier-one", "pveproxy", "telnetd", "in.telnetd",
    ];

    private static readonly string[] Networks =
        ["systemd-networkd", "NetworkManager", "networking", "dhclient", "dhcpcd", "udhcpc", "connmand", "wpa_supplicant", "systemd-resolved"];

    /// <summary>Packages that much else rests on, whichever of their programs listens.</summary>
    private static readonly string[] Vital =
    [
        "systemd", "systemd-sysv", "systemd-resolved", "systemd-networkd", "udev", "systemd-udev", "init", "sysvinit-core", "openrc", "busybox", "util-linux", "coreutils", "bash", "dbus", "dbus-broker",
        "network-manager", "NetworkManager", "ifupdown", "netplan.io", "isc-dhcp-client", "dhcp-client", "dhcpcd", "dhcpcd-base", "wpasupplicant", "wpa_supplicant", "connman",
    ];

    /// <summary>What to see to first, without an end; null where there is nothing.</summary>
    internal static string? Of(Listener listener)
    {
        if (listener.Container is not null)
        {
            return null;
        }

        return Is(listener, WaysIn) || listener.Kernel == "wireguard tunnel" ? "this may be your own way in, so have another (a console) before you stop it"
            : Is(listener, Networks) ? "the network of this machine may depend on it, so have a console at hand"
            : null;
    }

    /// <summary>Whether no remedy may advise to remove a package.</summary>
    internal static bool IsVital(PackageFacts package) => Vital.Contains(package.Name, StringComparer.Ordinal);

    private static bool Is(Listener listener, string[] names) => ServiceIdentity.NamesOf(listener).Any(name => Array.Exists(names, one => Belonging.Fits(name, one)));
}
