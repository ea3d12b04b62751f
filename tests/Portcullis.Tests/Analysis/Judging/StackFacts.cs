using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Analysis.Judging;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Tests.Analysis.Judging;

/// <summary>A stack set as a plain Debian has it, a few switches changed.</summary>
internal static class StackFacts
{
    private static readonly string[] Devices = ["all", "default", "lo", "eth0", "eth1"];

    private static readonly (string Name, string Value)[] Usual =
    [
        ("net.ipv4.icmp_echo_ignore_broadcasts", "1"), ("net.ipv4.ip_forward", "0"), ("net.ipv4.ip_local_port_range", "32768 60999"),
        ("net.ipv4.ip_local_reserved_ports", ""), ("net.ipv4.tcp_syncookies", "1"), ("net.ipv4.tcp_timestamps", "1"),
        .. Each(4, "accept_redirects", "1"), .. Each(4, "accept_source_route", "1"), .. Each(4, "forwarding", "0"), .. Each(4, "log_martians", "0"),
        .. Each(4, "rp_filter", "0"), .. Each(4, "secure_redirects", "1"), .. Each(4, "send_redirects", "1"),
        .. Each(6, "accept_ra", "1"), .. Each(6, "accept_redirects", "1"), .. Each(6, "accept_source_route", "0"), .. Each(6, "disable_ipv6", "0"), .. Each(6, "forwarding", "0"),
        ("net.ipv4.conf.all.accept_source_route", "0"),
    ];

    /// <summary>A snapshot with eth0 and eth1 up.</summary>
    /// <param name="changes">Switches by name, "NAME=VALUE", that differ from the usual.</param>
    internal static Snapshot Snapshot(params string[] changes)
    {
        Dictionary<string, string> values = Usual.GroupBy(one => one.Name).ToDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal);
        foreach (string[] change in changes.Select(change => change.Split('=', 2)))
        {
            values[change[0]] = change[1];
        }

        Snapshot plain = Facts.Snapshot();
        NetworkNamespace host = plain.Namespaces[0];
        return plain with
        {
            Namespaces =
            [
                host with
                {
                    Interfaces = [.. host.Interfaces, new NetworkInterface { Index = 3, Name = "eth1", IsUp = true }],
                    Stack = [.. values.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new StackSetting(one.Key, one.Value, null))],
                },
            ],
        };
    }

    /// <summary>The same without eth1, as most machines are.</summary>
    internal static Snapshot Single(params string[] changes)
    {
        Snapshot two = Snapshot(changes);
        return two with { Namespaces = [two.Namespaces[0] with { Interfaces = two.Namespaces[0].Interfaces[..2] }] };
    }

    internal static HostPolicy PolicyThat(bool forwards, params string[] accepted) => new()
    {
        Source = "portcullis.yaml",
        Roles = [new Role { Name = forwards ? "router" : "web-server", Services = [], Forwards = forwards }],
        Allow = [.. accepted.Select(key => new Allowance { Name = "key", Key = key, From = [Zone.Internet], Reason = "wanted" })],
    };

    /// <summary>The findings of one kind.</summary>
    internal static ImmutableArray<Finding> Find(string id, Snapshot snapshot, HostPolicy? policy = null) =>
        [.. Judge.Of(snapshot, policy, new RoleCatalogue([])).Findings.Where(finding => finding.Id == id)];

    private static (string, string)[] Each(int version, string setting, string value) => [.. Devices.Select(device => ($"net.ipv{version}.conf.{device}.{setting}", value))];
}
