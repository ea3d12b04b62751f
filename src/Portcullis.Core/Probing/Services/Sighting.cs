using System;
using System.Buffers;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>Makes what is known of a service out of bytes from it: here they become text.</summary>
internal static class Sighting
{
    private static readonly SearchValues<char> s_ends = SearchValues.Create(" ,;)/\r\n\t[\"<");

    /// <summary>A service that was recognised.</summary>
    internal static IdentifiedService Of(string name, ReadOnlySpan<byte> evidence) => new() { Name = name, Evidence = SeenText.Of(evidence) };

    /// <inheritdoc cref="Of(string, ReadOnlySpan{byte})"/>
    internal static IdentifiedService Of(string name, string evidence) => new() { Name = name, Evidence = SeenText.Of(evidence) };

    /// <summary>The same, of a program.</summary>
    internal static IdentifiedService By(this IdentifiedService service, string? product, string? version = null) =>
        service with { Product = SeenText.Word(product), Version = SeenText.Word(version) };

    /// <summary>The same, with more of what was seen.</summary>
    internal static IdentifiedService Seen(this IdentifiedService service, string more) => service with { Evidence = SeenText.Of($"{service.Evidence}; {more}") };

    /// <summary>The same, which wants to know who is there.</summary>
    internal static IdentifiedService Asks(this IdentifiedService service, string note = "asks for a password") =>
        service with { Authentication = AuthenticationDemand.Asked, AuthenticationNote = SeenText.Of(note) };

    /// <summary>The same, which serves anybody.</summary>
    internal static IdentifiedService Open(this IdentifiedService service, string note = "answers without a password") =>
        service with { Authentication = AuthenticationDemand.NotAsked, AuthenticationNote = SeenText.Of(note) };

    /// <summary>The first word that follows a text, up to a blank or one of ",;)/": a version in a greeting. Null where there is none.</summary>
    internal static string? After(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = text.AsSpan(at + word.Length).TrimStart(" /v");
        int end = rest.IndexOfAny(s_ends);
        rest = end < 0 ? rest : rest[..end];
        return rest.IsEmpty || !char.IsAsciiDigit(rest[0]) ? null : rest.ToString();
    }
}
