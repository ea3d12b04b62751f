using System.Collections.Immutable;

namespace Portcullis.Core.Wire.Ipset;

/// <summary>The form of the keys of a type of sets.</summary>
/// <param name="Parts">The parts of a key, with the number of the direction in the rule (1 and up) that each goes by.</param>
/// <param name="Dimensions">How many directions a rule must name at least; with fewer no packet is in the set (ip_set_test in net/netfilter/ipset/ip_set_core.c).</param>
internal sealed record IpsetKind(ImmutableArray<(IpsetPart Part, int Dimension)> Parts, int Dimensions)
{
    private static readonly IpsetKind Address = new([(IpsetPart.Address, 1)], 1);
    private static readonly IpsetKind AddressAndPort = new([(IpsetPart.Address, 1), (IpsetPart.Port, 2), (IpsetPart.Protocol, 2)], 2);
    private static readonly IpsetKind Three = new([(IpsetPart.Address, 1), (IpsetPart.Port, 2), (IpsetPart.Protocol, 2), (IpsetPart.Address, 3)], 3);

    /// <summary>The kind of a type; null for one that is not understood, as those with hardware addresses and lists of sets.</summary>
    internal static IpsetKind? Of(string type) => type switch
    {
        "hash:ip" or "hash:net" or "bitmap:ip" => Address,
        "hash:ip,port" or "hash:net,port" => AddressAndPort,
        "hash:ip,port,ip" or "hash:ip,port,net" or "hash:net,port,net" => Three,
        "hash:net,net" => new([(IpsetPart.Address, 1), (IpsetPart.Address, 2)], 2),
        "hash:net,iface" => new([(IpsetPart.Address, 1), (IpsetPart.Interface, 2)], 2),
        "hash:ip,mark" => new([(IpsetPart.Address, 1), (IpsetPart.Mark, 2)], 2),
        "bitmap:port" => new([(IpsetPart.Port, 1), (IpsetPart.Protocol, 1)], 1),
        _ => null,
    };

    /// <summary>The length of a part in bytes.</summary>
    internal static int Length(IpsetPart part, int address) => part switch
    {
        IpsetPart.Address => address,
        IpsetPart.Port => 2,
        IpsetPart.Protocol => 1,
        IpsetPart.Interface => 16, // IFNAMSIZ
        _ => 4,
    };

    /// <summary>Where a part takes up more than its length: the parts of a key of several begin at multiples of four bytes.</summary>
    internal int Padded(IpsetPart part, int address) => Parts.Length == 1 ? Length(part, address) : (Length(part, address) + 3) & ~3;

    /// <summary>The length of a key in bytes.</summary>
    internal int KeyLength(int address)
    {
        int length = 0;
        foreach ((IpsetPart part, int _) in Parts)
        {
            length += Padded(part, address);
        }

        return length;
    }
}
