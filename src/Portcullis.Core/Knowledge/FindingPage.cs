using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Text;

namespace Portcullis.Core.Knowledge;

/// <summary>What a kind of finding means, why it matters and how to mend it; compiled in from data/findings.</summary>
public sealed record FindingPage
{
    private const string Folder = "findings/";

    /// <summary>The stable id, such as "PC2001".</summary>
    public required string Id { get; init; }

    /// <summary>The kind of finding in one sentence.</summary>
    public required string Title { get; init; }

    /// <summary>The controls of published standards that it bears on, in their usual short spelling.</summary>
    public required ImmutableArray<string> Controls { get; init; }

    /// <summary>The page itself: paragraphs and headings ("## …").</summary>
    public required string Text { get; init; }

    /// <summary>The page of a kind of finding.</summary>
    /// <param name="id">Its id in any case.</param>
    /// <returns>The page; null where there is no such kind.</returns>
    public static FindingPage? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        using Stream? stream = typeof(FindingPage).Assembly.GetManifestResourceStream(Folder + id.ToUpperInvariant());
        if (stream is null)
        {
            return null;
        }

        using StreamReader reader = new(stream, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Reads a page: lines of "name: value", an empty line, the text.</summary>
    /// <returns>The page; null where a name is missing.</returns>
    internal static FindingPage? Parse(string text)
    {
        int end = text.IndexOf("\n\n", StringComparison.Ordinal);
        Dictionary<string, string> head = new(StringComparer.Ordinal);
        foreach (string line in (end < 0 ? text : text[..end]).Split('\n'))
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon > 0)
            {
                head[line[..colon]] = line[(colon + 2)..].Trim();
            }
        }

        return end < 0 || !head.TryGetValue("id", out string? id) || !head.TryGetValue("title", out string? title)
            ? null
            : new FindingPage
            {
                Id = id,
                Title = title,
                Controls = [.. head.GetValueOrDefault("controls", "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                Text = text[(end + 2)..].Trim(),
            };
    }
}
