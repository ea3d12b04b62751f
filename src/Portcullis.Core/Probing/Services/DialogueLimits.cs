using System;

namespace Portcullis.Core.Probing.Services;

/// <summary>How long and how often one port is asked.</summary>
public sealed record DialogueLimits
{
    /// <summary>The most connections to one port.</summary>
    public int MostConnections { get; init; } = 24;

    /// <summary>How long all of it may take.</summary>
    public TimeSpan Whole { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a connection, or a handshake of TLS, may take.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a service may take to speak first where nothing says that it does; the time of a round trip, twice, is added.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromMilliseconds(350);

    /// <summary>How long a question may stay without an answer; three round trips are added.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromMilliseconds(900);

    /// <summary>The same where the port, or an answer, hints at a service: some look up names before they speak.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most bytes that are kept of one answer.</summary>
    public int MostBytes { get; init; } = 16 * 1024;
}
