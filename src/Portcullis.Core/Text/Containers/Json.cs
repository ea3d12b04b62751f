using System;
using System.Text.Json;

namespace Portcullis.Core.Text.Containers;

/// <summary>Reads engines' files, which may be of any shape, without exceptions but that of the first parse.</summary>
internal static class Json
{
    internal static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>A member of an object; null for what is no object, has no such member, or has names that are no Unicode.</summary>
    internal static JsonElement? Member(JsonElement? element, string name)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out JsonElement member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text; null for anything else, and for one that is no Unicode (a lone surrogate).</summary>
    internal static string? Text(JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String } known ? known.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member's name; empty for one that is no Unicode.</summary>
    internal static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return string.Empty;
        }
    }
}
