using System.Linq;
using Portcullis.Core.Wire.Packets;
using Xunit;

namespace Portcullis.KernelTests.Packets;

/// <summary>Frames and ARP as tshark reads them, field by field.</summary>
public sealed class LinkDissectionTests(DissectedFrames frames) : IClassFixture<DissectedFrames>
{
    [Fact]
    public void Frames_are_read_as_tshark_reads_them()
    {
        Comparison comparison = new();
        foreach (DissectedFrame theirs in frames.All)
        {
            switch (EthernetFrame.Read(theirs.Bytes, out EthernetFrame frame))
            {
                case PacketFault.Truncated:
                    comparison.Holds(theirs, "a header that is cut off is malformed", theirs.IsMalformed);
                    break;
                case PacketFault.Kind:
                    // tshark calls a 0 an unknown type, and tells no length behind a service tag.
                    comparison.Holds(theirs, "a small type is a length", theirs.Number("eth.type") == 0 || theirs.Number("vlan.etype") == 0 || theirs.Has("eth.len") || theirs.Has("vlan.len") || theirs.Has("eth.invalid_lentype") || LastTag(theirs) == "ieee8021ad");
                    break;
                default:
                    comparison.Text(theirs, "eth.dst", frame.Destination.ToString());
                    comparison.Text(theirs, "eth.src", frame.Source.ToString());
                    CompareTags(comparison, theirs, frame);
                    break;
            }
        }

        comparison.MustAgree(30_000);
    }

    [Fact]
    public void Arp_is_read_as_tshark_reads_it()
    {
        Comparison comparison = new();
        foreach (DissectedFrame theirs in frames.All)
        {
            if (EthernetFrame.Read(theirs.Bytes, out EthernetFrame frame) != PacketFault.None || frame.EtherType != EthernetFrame.Arp)
            {
                comparison.Holds(theirs, "what is no ARP is none", theirs.Network != "arp" || IsTag(frame.EtherType));
                continue;
            }

            switch (ArpPacket.Read(frame.Payload, out ArpPacket packet))
            {
                case PacketFault.Truncated:
                    comparison.Holds(theirs, "ARP that is cut off is malformed", theirs.IsMalformed || IsOfAnotherKind(theirs)); // some kinds are shorter
                    break;
                case PacketFault.Kind:
                    comparison.Holds(theirs, "ARP of another kind", IsOfAnotherKind(theirs));
                    break;
                default:
                    comparison.Holds(theirs, "ARP of this kind", !IsOfAnotherKind(theirs));
                    comparison.Number(theirs, "arp.opcode", packet.IsReply ? 2 : 1);
                    comparison.Text(theirs, "arp.src.hw_mac", packet.SenderMac.ToString());
                    comparison.Text(theirs, "arp.src.proto_ipv4", packet.Sender.ToString());
                    comparison.Text(theirs, "arp.dst.hw_mac", packet.TargetMac.ToString());
                    comparison.Text(theirs, "arp.dst.proto_ipv4", packet.Target.ToString());
                    break;
            }
        }

        comparison.MustAgree(15_000);
    }

    private static bool IsOfAnotherKind(DissectedFrame theirs) =>
        (theirs.Number("arp.hw.type"), theirs.Number("arp.proto.type"), theirs.Number("arp.hw.size"), theirs.Number("arp.proto.size")) != (1, 0x800, 6, 4)
        || theirs.Number("arp.opcode") is not (1 or 2);

    private static bool IsTag(ushort type) => type is 0x8100 or 0x88a8 or 0x9100 or 0x9200 or 0x9300;

    private static string? LastTag(DissectedFrame theirs) => theirs.Tags.LastOrDefault();

    private static void CompareTags(Comparison comparison, DissectedFrame theirs, EthernetFrame frame)
    {
        if (IsTag(frame.EtherType))
        {
            // tshark reads on: we do not, for no link that we know has three tags, and the older numbers are of no standard.
            comparison.Holds(theirs, "a third tag, or one of an older number", theirs.Tags.Length > 0);
            return;
        }

        // tshark reads two service tags in one, and names no type behind a service tag.
        long? vlan = LastTag(theirs) switch
        {
            null => null,
            "vlan" => theirs.Number("vlan.id", theirs.All("vlan.id").Length - 1),
            _ when theirs.Has("ieee8021ad.cvid") => theirs.Number("ieee8021ad.cvid"),
            _ => theirs.Number("ieee8021ad.id", theirs.All("ieee8021ad.id").Length - 1),
        };
        comparison.Holds(theirs, $"the VLAN {frame.Vlan} is {vlan}", frame.Vlan == vlan);
        if (LastTag(theirs) is null)
        {
            comparison.Number(theirs, "eth.type", frame.EtherType);
        }
        else if (LastTag(theirs) == "vlan")
        {
            comparison.Number(theirs, "vlan.etype", frame.EtherType, theirs.All("vlan.etype").Length - 1);
        }

        string? expected = frame.Payload.IsEmpty || theirs.Complains("Bogus IPv6 version") ? null : frame.EtherType switch { EthernetFrame.IPv4 => "ip", EthernetFrame.IPv6 => "ipv6", EthernetFrame.Arp => "arp", _ => null };
        comparison.Holds(theirs, $"the type {frame.EtherType:x} is {expected}", expected is null || theirs.Network == expected);
    }
}
