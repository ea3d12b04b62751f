using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Portcullis.KernelTests.Packets;

/// <summary>A frame, and what tshark says of it.</summary>
internal sealed class DissectedFrame
{
    private static readonly string[] s_tags = ["vlan", "ieee8021ad"];
    private static readonly string[] s_extensions = ["ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts", "ah", "mipv6", "hip", "shim6"];

    private readonly Dictionary<string, string[]> _values;

    internal DissectedFrame(byte[] bytes, Dictionary<string, string[]> values)
    {
        Bytes = bytes;
        _values = values;
        string[] layers = [.. All("frame.protocols").SelectMany(static layers => layers.Split(':')).Where(static layer => layer is not ("eth" or "ethertype"))];
        Tags = [.. layers.TakeWhile(s_tags.Contains)];
        Network = layers.ElementAtOrDefault(Tags.Length);
        string[] inside = layers[Math.Min(layers.Length, Tags.Length + 1)..];
        Extensions = Network == "ipv6" ? [.. inside.TakeWhile(static layer => s_extensions.Contains(layer))] : [];
        Transport = inside.ElementAtOrDefault(Extensions.Length);
    }

    internal byte[] Bytes { get; }

    /// <summary>The tags of VLANs, from the outside on.</summary>
    internal string[] Tags { get; }

    /// <summary>What stands in the frame: "ip", "ipv6", "arp"; null where nothing was understood.</summary>
    internal string? Network { get; }

    /// <summary>The extension headers of IPv6.</summary>
    internal string[] Extensions { get; }

    /// <summary>What stands in the packet: "tcp", "udp", "icmp", "icmpv6", or "data" where nothing is known.</summary>
    internal string? Transport { get; }

    /// <summary>Whether tshark says that it ends too soon.</summary>
    internal bool IsMalformed => Has("_ws.malformed");

    /// <summary>
    /// Whether tshark looks at nothing behind the network layer though there is something: it takes the headers of mobility and
    /// of host identity for the last, and gives up where options of IP are malformed, into which our codecs do not look.
    /// </summary>
    internal bool EndsEarly => Extensions.Contains("mipv6") || Extensions.Contains("hip") || All("_ws.malformed").Any(static layer => layer.StartsWith("[Malformed Packet: IPv", StringComparison.Ordinal));

    internal bool Has(string field) => _values.ContainsKey(field);

    /// <summary>All values of a field; the first is that of the outermost header.</summary>
    internal string[] All(string field) => _values.GetValueOrDefault(field, []);

    /// <summary>Whether tshark finds fault in such words.</summary>
    internal bool Complains(string words) => All("_ws.expert.message").Any(message => message.Contains(words, StringComparison.Ordinal));

    /// <summary>A field's value as a number; null where it has none.</summary>
    internal long? Number(string field, int which = 0) => All(field).ElementAtOrDefault(which) switch
    {
        null => null,
        "True" => 1, // so later versions write flags
        "False" => 0,
        string text when text.StartsWith("0x", StringComparison.Ordinal) => long.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        string text => long.Parse(text, CultureInfo.InvariantCulture),
    };

    public override string ToString() =>
        $"{Convert.ToHexString(Bytes)} {string.Join(' ', _values.Where(static one => one.Key is "frame.protocols" or "_ws.malformed" or "_ws.expert.message").Select(static one => $"{one.Key}={string.Join(',', one.Value)}"))}";
}
