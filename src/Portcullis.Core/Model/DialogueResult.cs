namespace Portcullis.Core.Model;

/// <summary>What came of the questions to one port.</summary>
public sealed record DialogueResult
{
    /// <summary>How they ended.</summary>
    public required DialogueEnd End { get; init; }

    /// <summary>What answers; null where that is not known.</summary>
    public IdentifiedService? Service { get; init; }

    /// <summary>What was seen of something unknown, in one printable line of at most 200 characters; null for nothing.</summary>
    public string? Seen { get; init; }

    /// <summary>One plain sentence on how it ended, such as "accepts connections and says nothing".</summary>
    public required string Sentence { get; init; }

    /// <summary>How many connections were made for it (for UDP: datagrams sent).</summary>
    public required int Connections { get; init; }
}
