using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Names fields as nft(8) does.</summary>
internal static class FieldText
{
    /// <summary>"ip saddr", "tcp dport", "meta mark", "@th,32,16".</summary>
    internal static string Of(PacketField field) => field.Source switch
    {
        FieldSource.LinkHeader => Header(field) switch { (0, 6) => "ether daddr", (6, 6) => "ether saddr", (12, 2) => "ether type", _ => Raw("ll", field) },
        FieldSource.NetworkHeader => Header(field) switch
        {
            (12, <= 4) => "ip saddr",
            (16, <= 4) => "ip daddr",
            (9, 1) => "ip protocol",
            (8, 1) => "ip ttl",
            (1, 1) => "ip dscp",
            (2, 2) => "ip length",
            (4, 2) => "ip id",
            (6, 2) => "ip frag-off",
            (8, > 4 and <= 16) => "ip6 saddr",
            (24, > 4 and <= 16) => "ip6 daddr",
            (6, 1) => "ip6 nexthdr",
            (7, 1) => "ip6 hoplimit",
            _ => Raw("nh", field),
        },
        FieldSource.TransportHeader => Header(field) switch { (0, 2) => "th sport", (2, 2) => "th dport", (13, 1) => "tcp flags", (0, 1) => "icmp type", (1, 1) => "icmp code", _ => Raw("th", field) },
        FieldSource.Meta => field.Name is "iifname" or "oifname" or "iif" or "oif" ? field.Name : "meta " + field.Name,
        FieldSource.Connection => "ct " + field.Name,
        FieldSource.Route when field.Name.EndsWith(" check", System.StringComparison.Ordinal) => $"fib {field.Name[..^6]} oif", // "missing" or "exists"
        FieldSource.Route => "fib " + field.Name,
        _ when field is { Source: FieldSource.Other, Name: "exthdr 43 byte 2", Length: 1 } => "rt type", // the routing header's, RFC 8200, 4.4
        _ => field.Name,
    };

    /// <summary>The same for an operand, with its mask.</summary>
    internal static string Of(Operand operand) =>
        Of(operand.Field) + (operand.Mask.All(bits => bits == 0xff) ? "" : " & 0x" + Hex(operand.Mask)) + (operand.Xor.All(bits => bits == 0) ? "" : " ^ 0x" + Hex(operand.Xor));

    /// <summary>Hexadecimal digits of some bytes.</summary>
    internal static string Hex(ImmutableArray<byte> bytes) => string.Concat(bytes.Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));

    private static (int Offset, int Length) Header(PacketField field) => (field.Offset, field.Length);

    private static string Raw(string header, PacketField field) => string.Create(CultureInfo.InvariantCulture, $"@{header},{field.Offset * 8},{field.Length * 8}");
}
