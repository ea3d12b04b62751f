using System;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// The echo service (RFC 862) says whatever it is told. It has no question of its own: it is recognised by any, and must be, before its
/// echo of a question is taken for an answer.
/// </summary>
internal static class Echo
{
    /// <summary>The service where the answer is the question.</summary>
    internal static IdentifiedService? Is(ReadOnlySpan<byte> said, ReadOnlySpan<byte> heard, bool isEnded) =>
        said.IsEmpty ? null : heard.Length >= said.Length ? heard.StartsWith(said) ? Found(said) : null : isEnded && heard.Length >= 8 && said.StartsWith(heard) ? Found(said) : null;

    /// <summary>Whether what was heard so far is the beginning of what was said.</summary>
    internal static bool MayBe(ReadOnlySpan<byte> said, ReadOnlySpan<byte> heard) => heard.Length < said.Length && said.StartsWith(heard);

    private static IdentifiedService Found(ReadOnlySpan<byte> said) => new()
    {
        Name = "echo",
        Evidence = SeenText.Of($"repeats the question: {SeenText.Of(said, 60)}"),
        Authentication = AuthenticationDemand.NotAsked,
        AuthenticationNote = "answers anybody",
    };
}
