using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Firewall.Walk;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>What came of it when packets walked through rules that were read twice.</summary>
internal sealed class Comparison
{
    /// <summary>Packets that came to the same ends by both.</summary>
    internal int Same { get; private set; }

    /// <summary>Of these those whose end is a matter of chance.</summary>
    internal int Open { get; private set; }

    /// <summary>Packets of which the listing does not tell what becomes of them, or Portcullis does not.</summary>
    internal int Blank { get; private set; }

    /// <summary>
    /// Packets of which Portcullis is less sure than the listing: "ether type ip ip length 20" is listed as "ip length 20", though the kernel asks
    /// for the kind of the interface, too (nft 1.0.6).
    /// </summary>
    internal int Vague { get; private set; }

    /// <summary>Packets that may turn out in too many ways.</summary>
    internal int TooMany { get; private set; }

    /// <summary>What is not the same: of each name the first.</summary>
    internal List<string> Wrong { get; } = [];

    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    /// <summary>Compares how the rules are built.</summary>
    internal void Add(string name, IEnumerable<string> told, IEnumerable<string> listed)
    {
        if (!told.SequenceEqual(listed))
        {
            Wrong.Add($"{name}: told is\n  {string.Join("\n  ", told.Except(listed))}\nlisted is\n  {string.Join("\n  ", listed.Except(told))}");
        }
    }

    /// <summary>Walks a packet through both.</summary>
    internal void Add(string name, Ruleset told, Ruleset listed, bool hasBlanks, Arrival arrival, FirstPacket packet, string text = "")
    {
        if (WalkEnds.Of(told, arrival, packet) is not SortedSet<string> byKernel || WalkEnds.Of(listed, arrival, packet) is not SortedSet<string> byListing)
        {
            TooMany++;
            return;
        }

        // Where the listing leaves something out, what it leaves open must have in it what the kernel's messages say.
        if (hasBlanks && (byListing.Contains(WalkEnds.Unknown) || byKernel.Contains(WalkEnds.Unknown)))
        {
            Blank++;
        }
        else if (hasBlanks ? byKernel.IsSubsetOf(byListing) : byKernel.SetEquals(byListing))
        {
            Same++;
            Open += byKernel.Count > 1 || byKernel.Contains(WalkEnds.Unknown) ? 1 : 0;
        }
        else if (byListing.IsProperSubsetOf(byKernel))
        {
            Vague++;
        }
        else if (_named.Add(name))
        {
            Wrong.Add($"{name}: {arrival.Version} {arrival.Protocol} by {arrival.Interface.Name}{(arrival.Onward is null ? "" : " onward")} {Hex(packet.Network)} {Hex(packet.Transport)}\n"
                + $"  told: {string.Join("; ", byKernel)}\n{Walk(told, arrival, packet)}\n  listed: {string.Join("; ", byListing)}\n{Walk(listed, arrival, packet)}\n  {text}");
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Same} packets fare the same ({Open} of them depend on something), {Vague} may only by the kernel's messages, {Blank} are not told of, {TooMany} may turn out in too many ways, {Wrong.Count} wrong");

    private static string Hex(IEnumerable<byte> bytes) => Convert.ToHexStringLower([.. bytes]);

    private static string Walk(Ruleset ruleset, Arrival arrival, FirstPacket packet) =>
        string.Join('\n', PacketWalk.Of(ruleset, arrival, packet, (_, _) => false).Events.Select(one => $"    {one.Hook}: {one.Place}: {one.Did}"));
}
