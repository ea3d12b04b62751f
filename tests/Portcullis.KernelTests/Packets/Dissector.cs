using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Packets;

/// <summary>Has frames dissected by tshark.</summary>
internal static class Dissector
{
    private const uint Magic = 0xa1b2_c3d4;
    private const uint Ethernet = 1; // DLT_EN10MB

    private static readonly string[] s_protocols =
    [
        "eth", "ethertype", "vlan", "ieee8021ad", "arp", "ip", "ipv6", "ipv6.hopopts", "ipv6.dstopts", "ipv6.routing", "ipv6.fraghdr", "ah", "mipv6", "shim6", "hip",
        "tcp", "udp", "icmp", "icmpv6", "data",
    ];

    // As the packet stands there, nothing put together, and all checksums looked at.
    private static readonly string[] s_options =
    [
        "tcp.relative_sequence_numbers:FALSE", "tcp.analyze_sequence_numbers:FALSE", "tcp.desegment_tcp_streams:FALSE", "ip.defragment:FALSE", "ipv6.defragment:FALSE",
        "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE",
    ];

    private static readonly string[] s_fields =
    [
        "frame.protocols", "_ws.malformed", "eth.dst", "eth.src", "eth.type", "eth.len", "eth.invalid_lentype", "vlan.id", "vlan.etype", "vlan.len",
        "ieee8021ad.id", "ieee8021ad.svid", "ieee8021ad.cvid",
        "arp.hw.type", "arp.proto.type", "arp.hw.size", "arp.proto.size", "arp.opcode", "arp.src.hw_mac", "arp.src.proto_ipv4", "arp.dst.hw_mac", "arp.dst.proto_ipv4",
        "ip.version", "ip.hdr_len", "ip.dsfield", "ip.len", "ip.id", "ip.flags.df", "ip.flags.mf", "ip.frag_offset", "ip.ttl", "ip.proto", "ip.checksum.status", "ip.src", "ip.dst",
        "ipv6.version", "ipv6.tclass", "ipv6.flow", "ipv6.plen", "ipv6.nxt", "ipv6.hlim", "ipv6.src", "ipv6.dst", "ipv6.routing.segleft",
        "ipv6.hopopts.nxt", "ipv6.routing.nxt", "ipv6.fraghdr.nxt", "ipv6.fraghdr.offset", "ipv6.fraghdr.more", "ipv6.dstopts.nxt", "ah.next_header", "mip6.proto", "hip.proto", "shim6.nxt",
        "tcp.srcport", "tcp.dstport", "tcp.seq", "tcp.ack", "tcp.hdr_len", "tcp.flags", "tcp.window_size_value", "tcp.urgent_pointer", "tcp.len", "tcp.checksum.status",
        "tcp.option_kind", "tcp.options.mss_val", "tcp.options.wscale.shift", "tcp.options.timestamp.tsval", "tcp.options.timestamp.tsecr", "tcp.options.sack_le", "tcp.options.sack_re",
        "udp.srcport", "udp.dstport", "udp.length", "udp.checksum.status",
        "icmp.type", "icmp.code", "icmp.checksum.status", "icmp.ident", "icmp.seq", "icmpv6.type", "icmpv6.code", "icmpv6.checksum.status", "icmpv6.echo.identifier", "icmpv6.echo.sequence_number",
        "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address", "icmpv6.opt.type", "icmpv6.opt.length", "icmpv6.opt.src_linkaddr", "icmpv6.opt.target_linkaddr",
        "_ws.expert.message",
    ];

    /// <summary>Has them dissected, in order.</summary>
    internal static async Task<List<DissectedFrame>> Dissect(IReadOnlyList<byte[]> frames)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Capture(frames));
            List<string> arguments = ["-n", "-r", file, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=|", "--disable-protocol", "ALL"];
            arguments.AddRange(s_protocols.SelectMany(static name => (string[])["--enable-protocol", name]));
            arguments.AddRange(s_options.SelectMany(static option => (string[])["-o", option]));
            arguments.AddRange(s_fields.SelectMany(static name => (string[])["-e", name]));
            string output = (await Command.Run("tshark -r", "tshark", arguments, Command.UsualLimit)).MustSucceed();
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return lines.Length == frames.Count
                ? [.. lines.Zip(frames, static (line, bytes) => new DissectedFrame(bytes, Values(line)))]
                : throw new LabException($"tshark told of {lines.Length} frames, not of {frames.Count}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Dictionary<string, string[]> Values(string line) =>
        line.Split('\t').Zip(s_fields).Where(static one => one.First.Length > 0).ToDictionary(static one => one.Second, static one => one.First.Split('|'), StringComparer.Ordinal);

    /// <summary>A capture file as libpcap wrote it first (pcap-savefile(5)): each frame came whole, however short it is.</summary>
    private static byte[] Capture(IReadOnlyList<byte[]> frames)
    {
        byte[] capture = new byte[24 + frames.Sum(static frame => 16 + frame.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(capture, Magic);
        capture[4] = 2;
        capture[6] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(capture.AsSpan(16), 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(capture.AsSpan(20), Ethernet);
        Span<byte> to = capture.AsSpan(24);
        for (int at = 0; at < frames.Count; at++)
        {
            byte[] frame = frames[at];
            BinaryPrimitives.WriteInt32LittleEndian(to, at);
            BinaryPrimitives.WriteInt32LittleEndian(to[8..], frame.Length);
            BinaryPrimitives.WriteInt32LittleEndian(to[12..], frame.Length);
            frame.CopyTo(to[16..]);
            to = to[(16 + frame.Length)..];
        }

        return capture;
    }
}
