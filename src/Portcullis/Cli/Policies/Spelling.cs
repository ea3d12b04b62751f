using System;
using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Cli.Policies;

/// <summary>Guesses what somebody meant to type.</summary>
internal static class Spelling
{
    /// <summary>"; did you mean web-server?" where one of the names is near, else nothing.</summary>
    internal static string Hint(string typed, IEnumerable<string> names)
    {
        if (typed.Length > 64)
        {
            return "";
        }

        string? nearest = names.MinBy(name => Distance(typed, name));
        return nearest is not null && Distance(typed, nearest) <= Math.Max(1, typed.Length / 3) ? $"; did you mean {nearest}?" : "";
    }

    /// <summary>The least number of letters to add, take out or change (Levenshtein 1966).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int above = row[j];
                int change = diagonal + (char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
