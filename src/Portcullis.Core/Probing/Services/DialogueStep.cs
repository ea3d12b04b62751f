using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>What is to be done next in a dialogue.</summary>
public abstract record DialogueStep
{
    private DialogueStep()
    {
    }

    /// <summary>Close the connection, if there is one, and make a new one. Answer with Connected, or with Failed.</summary>
    /// <param name="Farewell">What the old connection is told before it is closed; may be empty.</param>
    /// <param name="Offer">With which application protocols TLS is begun (ALPN; may be none); null for a plain connection.</param>
    /// <param name="Until">The moment to give up.</param>
    public sealed record Connect(ReadOnlyMemory<byte> Farewell, System.Collections.Immutable.ImmutableArray<string>? Offer, TimeSpan Until) : DialogueStep;

    /// <summary>Say something, then listen. Answer with Received, Closed or TimeUp.</summary>
    /// <param name="Words">What to say; empty to listen only.</param>
    /// <param name="Until">The moment to stop listening.</param>
    public sealed record Speak(ReadOnlyMemory<byte> Words, TimeSpan Until) : DialogueStep;

    /// <summary>All is said: close the connection.</summary>
    /// <param name="Farewell">What it is told before it is closed; may be empty.</param>
    /// <param name="Result">What came of it.</param>
    public sealed record Finish(ReadOnlyMemory<byte> Farewell, DialogueResult Result) : DialogueStep;
}
