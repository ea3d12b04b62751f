using System;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>What must not be stopped or removed without a thought, since whoever does it may not get in again.</summary>
internal static class Caution
{
    private static readonly HashSet<string> WaysIn = new(StringComparer.Ordinal)
    {
        "ssh", "sshd", "sshd-session", "dropbear", "tinysshd", "openssh-server", "xrdp", "cockpit", "cockpit-ws", "webmin", "openvpn", "tailscaled", "charon", "charon-systemd", "pluto", "tincd",
        "zerotier-one", "pveproxy", "telnetd", "in.telnetd",
    };

    private static readonly HashSet<string> Networks = new(StringComparer.Ordinal)
        { "systemd-networkd", "NetworkManager", "networking", "dhclient", "dhcpcd", "udhcpc", "connmand", "wpa_supplicant", "systemd-resolved" };

    /// <summary>Packages that much else rests on, whichever of their programs listens.</summary>
    private static readonly HashSet<string> Vital = new(StringComparer.Ordinal)
    {
        "systemd", "systemd-sysv", "systemd-resolved", "systemd-networkd", "udev", "systemd-udev", "init", "sysvinit-core", "openrc", "busybox", "util-linux", "coreutils", "bash", "dbus", "dbus-broker",
        "network-manager", "NetworkManager", "ifupdown", "netplan.io", "isc-dhcp-client", "dhcp-client", "dhcpcd", "dhcpcd-base", "wpasupplicant", "wpa_supplicant", "connman",
    };

    /// <summary>What to see to first, without an end; null where there is nothing.</summary>
    internal static string? Of(Listener listener)
    {
        if (listener.Container is not null)
        {
            return null;
        }

        bool isWayIn = listener.Kernel == "wireguard tunnel";
        bool isNetwork = false;
        foreach (string name in ServiceIdentity.NamesOf(listener))
        {
            string plain = Plain(name);
            isWayIn |= WaysIn.Contains(plain);
            isNetwork |= Networks.Contains(plain);
        }

        return isWayIn ? "this may be your own way in, so have another (a console) before you stop it"
            : isNetwork ? "the network of this machine may depend on it, so have a console at hand"
            : null;
    }

    /// <summary>Whether no remedy may advise to remove a package.</summary>
    internal static bool IsVital(PackageFacts package) => Vital.Contains(package.Name);

    /// <summary>A unit's name without instance and suffix.</summary>
    private static string Plain(string name)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        return at > 0 ? name[..at]
            : name.EndsWith(".service", StringComparison.Ordinal) ? name[..^".service".Length]
            : name.EndsWith(".socket", StringComparison.Ordinal) ? name[..^".socket".Length]
            : name;
    }
}
