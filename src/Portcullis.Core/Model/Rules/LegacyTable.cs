using System;

namespace Portcullis.Core.Model.Rules;

/// <summary>A table of the older iptables, as the kernel told it and not yet decoded (linux/netfilter_ipv4/ip_tables.h and its sister for IPv6).</summary>
/// <param name="Name">The IP version and the table's name: "ip filter", "ip6 nat".</param>
/// <param name="Info">struct ipt_getinfo: where its chains begin.</param>
/// <param name="Entries">struct ipt_get_entries, with its rules, in the layout of a 64-bit kernel.</param>
public sealed record LegacyTable(string Name, ReadOnlyMemory<byte> Info, ReadOnlyMemory<byte> Entries);
