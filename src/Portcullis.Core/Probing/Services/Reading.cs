using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>What a protocol makes of what was heard, and what it wants to say next.</summary>
public sealed record Reading
{
    private Reading(ReadingKind kind)
    {
        Kind = kind;
    }

    /// <summary>Another protocol.</summary>
    public static Reading NotThis { get; } = new(ReadingKind.NotThis);

    /// <summary>Perhaps; more must be heard.</summary>
    public static Reading NeedMore { get; } = new(ReadingKind.NeedMore);

    /// <summary>Worth a question of this protocol.</summary>
    public static Reading Suspected { get; } = new(ReadingKind.Suspected);

    /// <summary>Which of these it is.</summary>
    public ReadingKind Kind { get; }

    /// <summary>What is known of the service; null where nothing is.</summary>
    public IdentifiedService? Service { get; private init; }

    /// <summary>What is to be said next on this connection: a question, or for <see cref="ReadingKind.Is"/> a farewell. May be empty.</summary>
    public byte[] Words { get; private init; } = [];

    /// <summary>It is this service.</summary>
    /// <param name="service">What is known of it.</param>
    /// <param name="farewell">What a polite client says before it goes; null for nothing.</param>
    public static Reading Is(IdentifiedService service, byte[]? farewell = null) => new(ReadingKind.Is) { Service = service, Words = farewell ?? [] };

    /// <summary>One more question.</summary>
    /// <param name="question">Its bytes.</param>
    /// <param name="soFar">What holds if it is not answered; null while it is not certain that it is this service.</param>
    public static Reading Ask(byte[] question, IdentifiedService? soFar) => new(ReadingKind.Ask) { Service = soFar, Words = question };
}
