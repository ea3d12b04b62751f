using System;
using System.Collections.Generic;

namespace Portcullis.Os.Linux.Source;

/// <summary>Reads the answer of <see cref="ISource.Directory"/>.</summary>
internal static class DirectoryListing
{
    /// <summary>The entries in order: the letter of the kind, and the name.</summary>
    internal static List<(char Kind, string Name)> Of(Answer answer)
    {
        List<(char Kind, string Name)> entries = [];
        foreach (string entry in (answer.Text ?? string.Empty).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            entries.Add((entry[0], entry[1..]));
        }

        return entries;
    }
}
