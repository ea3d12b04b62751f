using System;
using System.Collections.Generic;

namespace Portcullis.Os.Linux.Source;

/// <summary>Reads the answer of <see cref="ISource.Directory"/>.</summary>
internal static class DirectoryListing
{
    /// <summary>The entries in order.</summary>
    internal static List<ListedEntry> Of(Answer answer)
    {
        List<ListedEntry> entries = [];
        foreach (string entry in (answer.Text ?? string.Empty).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            entries.Add(new ListedEntry(entry[0], entry[1..]));
        }

        return entries;
    }
}
