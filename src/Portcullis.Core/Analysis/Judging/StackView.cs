using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>The switches of the host's TCP/IP stack, and what they are judged by.</summary>
internal sealed class StackView
{
    private readonly Dictionary<string, StackSetting> _settings;

    private StackView(Judgement judgement, NetworkNamespace host, ImmutableArray<StackSetting> settings)
    {
        _settings = settings.GroupBy(setting => setting.Name, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);

        // What is down hears nothing, and loopback hears this host alone.
        Interfaces = [.. host.Interfaces.Where(one => one.IsUp && !one.IsLoopback)];
        HasSeveralNetworks = Interfaces.Count(one => !IsEngines(one) && !one.Name.StartsWith("veth", StringComparison.Ordinal)) > 1;
        IsPassing = Number("net.ipv4.ip_forward") is > 0 || Interfaces.Any(one => Own(4, one, "forwarding") is > 0);
        MayPass = judgement.Policy is { } policy
            ? policy.Roles.Any(role => role.Forwards)
            : !judgement.Snapshot.Containers.IsEmpty
                || host.Interfaces.Any(IsEngines)
                || judgement.LikelyRoles.Any(name => judgement.Catalogue.Find(name)?.Forwards == true);
    }

    /// <summary>The interfaces that can hear others.</summary>
    internal ImmutableArray<NetworkInterface> Interfaces { get; }

    /// <summary>Whether it is in several networks, those that a container engine made for its guests apart.</summary>
    internal bool HasSeveralNetworks { get; }

    /// <summary>Whether the host passes on IPv4 packets of others.</summary>
    internal bool IsPassing { get; }

    /// <summary>Whether it is for that: by a role of the policy, else by what runs on it.</summary>
    internal bool MayPass { get; }

    /// <summary>The view; null where the switches were not read.</summary>
    internal static StackView? Of(Judgement judgement) =>
        judgement.Snapshot.Namespaces.FirstOrDefault(one => one.Name == NetworkNamespace.HostName) is { Stack: ImmutableArray<StackSetting> settings } host
            ? new StackView(judgement, host, settings)
            : null;

    /// <summary>The name of an interface's switch, as sysctl(8) writes it.</summary>
    /// <param name="version">4 or 6.</param>
    /// <param name="device">The interface, "all", "default" or "*".</param>
    /// <param name="setting">Such as "rp_filter".</param>
    internal static string Name(int version, string device, string setting) =>
        string.Create(CultureInfo.InvariantCulture, $"net.ipv{version}.conf.{device.Replace('.', '/')}.{setting}");

    /// <summary>The value as text; null where it was not read.</summary>
    internal string? Text(string name) => _settings.GetValueOrDefault(name)?.Value;

    /// <summary>The value; null where it was not read or is no number.</summary>
    internal int? Number(string name) => int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : null;

    /// <summary>The value of "all".</summary>
    internal int? All(int version, string setting) => Number(Name(version, "all", setting));

    /// <summary>The interface's own value, which may not be the one in force.</summary>
    internal int? Own(int version, NetworkInterface device, string setting) => Number(Name(version, device.Name, setting));

    /// <summary>The file and line that set it; null where that is not known.</summary>
    internal string? SetBy(string name) => _settings.GetValueOrDefault(name)?.SetBy;

    /// <summary>"net.ipv4.tcp_syncookies = 0 (/etc/sysctl.d/90-speed.conf:3)".</summary>
    internal string Said(string name) => SetBy(name) is string place ? $"{name} = {Text(name)} ({place})" : $"{name} = {Text(name)}";

    /// <summary>Whether it is the bridge that a container engine or a hypervisor makes for its guests.</summary>
    private static bool IsEngines(NetworkInterface one) => one.Kind == "bridge"
        && Array.Exists(["docker", "br-", "podman", "cni", "virbr", "lxcbr", "lxdbr", "incusbr", "vmbr"], name => one.Name.StartsWith(name, StringComparison.Ordinal));
}
