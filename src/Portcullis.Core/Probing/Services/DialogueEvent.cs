using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>What happened after a step of a dialogue.</summary>
public abstract record DialogueEvent
{
    private DialogueEvent()
    {
    }

    /// <summary>The connection is there.</summary>
    /// <param name="Tls">What the handshake showed; null for a plain connection.</param>
    public sealed record Connected(TlsFacts? Tls) : DialogueEvent;

    /// <summary>The connection, or its handshake of TLS, could not be made.</summary>
    /// <param name="Why">A few words.</param>
    public sealed record Failed(string Why) : DialogueEvent;

    /// <summary>Bytes came.</summary>
    /// <param name="Bytes">They; at least one.</param>
    public sealed record Received(ReadOnlyMemory<byte> Bytes) : DialogueEvent;

    /// <summary>The other side closed the connection, in whatever way.</summary>
    public sealed record Closed : DialogueEvent;

    /// <summary>Nothing (more) came until the moment that the step named.</summary>
    public sealed record TimeUp : DialogueEvent;
}
