using System.Collections.Immutable;

namespace Portcullis.Core.Model.Rules;

/// <summary>A set or a map with its elements.</summary>
public sealed record FirewallSet
{
    /// <summary>Its name; anonymous ones are called "__set0" and the like by the kernel.</summary>
    public required string Name { get; init; }

    /// <summary>Whether no rule but one can use it, and its content stands in that rule's text.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether packets add to it, or a time takes from it: what it holds now says little of later.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>Whether some of its elements end by themselves.</summary>
    public bool HasTimeouts { get; init; }

    /// <summary>The length of a key in bytes.</summary>
    public required int KeyLength { get; init; }

    /// <summary>
    /// For each element its least and its greatest key, one behind the other, 2 × <see cref="KeyLength"/> bytes; equal where it is one key. Of a key of
    /// several parts each part has a range of its own.
    /// </summary>
    public ImmutableArray<byte> Keys { get; init; } = [];

    /// <summary>For a verdict map the verdicts, one an element; else empty.</summary>
    public ImmutableArray<RuleVerdict> Verdicts { get; init; } = [];

    /// <summary>The length of an element's data in bytes; 0 for a set or a verdict map.</summary>
    public int DataLength { get; init; }

    /// <summary>For each element its data, <see cref="DataLength"/> bytes.</summary>
    public ImmutableArray<byte> Data { get; init; } = [];

    /// <summary>Whether its last element, whose keys are zero to all ones, stands for every key that no other element has ("*").</summary>
    public bool HasCatchAll { get; init; }

    /// <summary>Whether not all of its elements could be read.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>The number of elements.</summary>
    public int Count => KeyLength == 0 ? 0 : Keys.Length / (2 * KeyLength);
}
