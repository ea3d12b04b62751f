using System;
using System.Collections.Generic;

namespace Portcullis.Core.Firewall;

/// <summary>In which order diagrams ask for dimensions, and which further fields and literals the rules at hand brought in.</summary>
/// <param name="sourceFirst">
/// Whether sources are asked before ports. Where many rules name sources and no ports (blocklists) that is smaller; else ports first is.
/// </param>
internal sealed class Layout(bool sourceFirst)
{
    private const int FirstField = 100;
    private const int FirstLiteral = 1_000_000;

    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _literals = new(StringComparer.Ordinal);
    private readonly HashSet<int> _absent = [];
    private readonly List<string> _fieldTexts = [];
    private readonly List<string> _literalTexts = [];

    /// <summary>The place of a dimension in the order.</summary>
    internal int RankOf(PacketDimension dimension) => !sourceFirst ? (int)dimension : dimension switch
    {
        PacketDimension.SourceHigh => 0,
        PacketDimension.SourceLow => 1,
        PacketDimension.DestinationHigh => 2,
        PacketDimension.DestinationLow => 3,
        PacketDimension.DestinationPort => 4,
        _ => (int)dimension,
    };

    /// <summary>The place of another field that a sender chooses.</summary>
    internal int RankOfField(string text)
    {
        if (!_fields.TryGetValue(text, out int rank))
        {
            _fields[text] = rank = FirstField + _fields.Count;
            _fieldTexts.Add(text);
        }

        return rank;
    }

    /// <summary>The place of the flags of TCP; -1 where no rule asks for them.</summary>
    internal int RankOfFlags { get; private set; } = -1;

    /// <summary>The place of the flags of TCP.</summary>
    internal int TakeRankOfFlags(string text) => RankOfFlags = RankOfField(text);

    /// <summary>Whether the literal asks for a header that a plain packet does not have, so that there it does not hold.</summary>
    internal bool IsAbsent(int rank) => _absent.Contains(rank);

    /// <summary>Whether any literal asks for such a header.</summary>
    internal bool AsksForAbsent => _absent.Count > 0;

    /// <summary>Notes that a literal asks for a header that a plain packet does not have.</summary>
    internal void TakeAbsent(string key, string text) => _absent.Add(RankOfLiteral(key, text));

    /// <summary>The place of something of which only yes or no matters.</summary>
    /// <param name="key">What it is; equal keys are one literal.</param>
    /// <param name="text">How it is told.</param>
    internal int RankOfLiteral(string key, string text)
    {
        if (!_literals.TryGetValue(key, out int rank))
        {
            _literals[key] = rank = FirstLiteral + _literals.Count;
            _literalTexts.Add(text);
        }

        return rank;
    }

    /// <summary>Whether a rank is that of a literal.</summary>
    internal static bool IsLiteral(int rank) => rank >= FirstLiteral;

    /// <summary>Whether a rank is that of a further field.</summary>
    internal static bool IsField(int rank) => rank is >= FirstField and < FirstLiteral;

    /// <summary>What the rank of a further field or literal stands for.</summary>
    internal string TextOf(int rank) => IsLiteral(rank) ? _literalTexts[rank - FirstLiteral] : _fieldTexts[rank - FirstField];
}
