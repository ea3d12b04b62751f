using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Stack;

/// <summary>
/// Reads the switches of our own network namespace's TCP/IP stack: those of the whole stack from /proc/sys/net, those of the
/// interfaces from the kernel's one answer about all of them, which costs a file each otherwise.
/// </summary>
internal sealed class LinuxStack(ISource source, INetworkSource network) : IStackSettings
{
    private static readonly string[] Whole =
    [
        "net.ipv4.icmp_echo_ignore_broadcasts", "net.ipv4.ip_forward", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_syncookies", "net.ipv4.tcp_timestamps",
    ];

    private static readonly (string Name, int Number)[] OfIpv4 =
    [
        ("accept_redirects", LinkSettings.IPV4_DEVCONF_ACCEPT_REDIRECTS), ("accept_source_route", LinkSettings.IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE),
        ("forwarding", LinkSettings.IPV4_DEVCONF_FORWARDING), ("log_martians", LinkSettings.IPV4_DEVCONF_LOG_MARTIANS),
        ("rp_filter", LinkSettings.IPV4_DEVCONF_RP_FILTER), ("secure_redirects", LinkSettings.IPV4_DEVCONF_SECURE_REDIRECTS),
        ("send_redirects", LinkSettings.IPV4_DEVCONF_SEND_REDIRECTS),
    ];

    private static readonly (string Name, int Number)[] OfIpv6 =
    [
        ("accept_ra", LinkSettings.DEVCONF_ACCEPT_RA), ("accept_redirects", LinkSettings.DEVCONF_ACCEPT_REDIRECTS),
        ("accept_source_route", LinkSettings.DEVCONF_ACCEPT_SOURCE_ROUTE), ("disable_ipv6", LinkSettings.DEVCONF_DISABLE_IPV6),
        ("forwarding", LinkSettings.DEVCONF_FORWARDING),
    ];

    /// <inheritdoc/>
    public StackInventory Read()
    {
        GapList gaps = new();
        Dictionary<string, string> values = new(1024, StringComparer.Ordinal);
        ReadFiles(values, gaps);
        if (values.Count == 0)
        {
            // Without them the switches of the interfaces mean nothing: most act together with those of "all".
            gaps.Add("the switches of the TCP/IP stack", gaps.Count > 0 ? "none could be read" : "/proc/sys/net is not there");
            return new StackInventory(null, gaps.ToImmutable());
        }

        ulong own = source.Link("/proc/self/ns/net").Text is string link ? ProcFields.InodeOf(link, "net") ?? 0 : 0;
        int refused = network.Visit(new NamespaceHandle(own, null), door => ReadInterfaces(door, values, gaps));
        if (refused != 0)
        {
            gaps.Add(OfInterfaces, Errno.Text(refused));
        }

        SysctlFiles files = SysctlFiles.Read(source);
        StackSetting[] settings = [.. values.Keys.Select(name => new StackSetting(name, values[name], files.SetterOf(name, values[name])))];
        Array.Sort(settings, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new StackInventory([.. settings], gaps.ToImmutable());
    }

    private const string OfInterfaces = "the TCP/IP switches of the interfaces";

    private void ReadFiles(Dictionary<string, string> values, GapList gaps)
    {
        int refusals = 0;
        int error = 0;
        foreach (string name in Names())
        {
            Answer answer = source.File("/proc/sys/" + name.Replace('.', '/'));
            if (answer.Text is string text)
            {
                values[name] = SysctlConfiguration.Plain(text);
            }
            else if (answer.Error is not (Errno.ENOENT or Errno.ENOTDIR))
            {
                // What is not there the kernel was built without, such as all of IPv6.
                refusals++;
                error = answer.Error;
            }
        }

        if (refusals > 0)
        {
            gaps.Add(
                string.Create(CultureInfo.InvariantCulture, $"{refusals} switch{(refusals == 1 ? "" : "es")} of the TCP/IP stack"),
                Errno.Text(error), error is Errno.EACCES or Errno.EPERM ? "run as root" : null);
        }
    }

    private static List<string> Names()
    {
        List<string> names = [.. Whole];
        foreach (string all in new[] { "all", "default" })
        {
            foreach ((string name, _) in OfIpv4)
            {
                names.Add($"net.ipv4.conf.{all}.{name}");
            }

            foreach ((string name, _) in OfIpv6)
            {
                names.Add($"net.ipv6.conf.{all}.{name}");
            }
        }

        return names;
    }

    private static void ReadInterfaces(INetworkDoor door, Dictionary<string, string> values, GapList gaps)
    {
        Answer links = door.Ask(LibcSockets.NETLINK_ROUTE, RouteLink.Request());
        if (!links.Ok)
        {
            gaps.Add(OfInterfaces, Errno.Text(links.Error));
        }

        bool isWhole = true;
        NetlinkMessages messages = new(links.Span);
        while (messages.Next())
        {
            if (messages.Type == RouteLink.RTM_NEWLINK)
            {
                isWhole &= LinkSettings.TryDecode(messages.Payload, out LinkSettings row);
                Add(row, values);
            }
        }

        if (!isWhole || messages.Malformed is not null)
        {
            gaps.Add(OfInterfaces, "the kernel's answer is not as expected");
        }
    }

    private static void Add(LinkSettings row, Dictionary<string, string> values)
    {
        if (string.IsNullOrEmpty(row.Name))
        {
            return;
        }

        // sysctl(8) separates by dots, so that it writes those of a name such as "eth0.100" as slashes.
        string name = row.Name.Replace('.', '/');
        foreach ((string setting, int number) in OfIpv4)
        {
            Add($"net.ipv4.conf.{name}.{setting}", row.V4(number));
        }

        foreach ((string setting, int number) in OfIpv6)
        {
            Add($"net.ipv6.conf.{name}.{setting}", row.V6(number));
        }

        void Add(string setting, int? value)
        {
            if (value is int known)
            {
                values[setting] = known.ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
