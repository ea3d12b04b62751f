using System;
using System.Collections.Immutable;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Text.Rulesets;

/// <summary>Tells by its content, never by its name, in which language a ruleset is written.</summary>
public static class RulesetScripts
{
    /// <summary>The parts of a text, by the tool that understands each; none with an error.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="error">What is wrong, as the rest of a sentence about the file; null for nothing.</param>
    public static ImmutableArray<RulesetScript> Of(string text, out string? error)
    {
        error = null;
        text = text.TrimStart('\ufeff');
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            error = "is no text";
            return [];
        }

        string first = FirstLine(text);
        if (first.Length == 0)
        {
            error = "holds no rules: perhaps the command that should have written it failed";
            return [];
        }

        if (first[0] == '{')
        {
            error = JsonOrder.Fault(text);
            return error is null ? [new RulesetScript(ScriptFormat.NftJson, text)] : [];
        }

        if (first.StartsWith("-P ", StringComparison.Ordinal) || first.StartsWith("Chain ", StringComparison.Ordinal))
        {
            error = "is what 'iptables -S' or 'iptables -L' prints, which leaves out tables: take that of iptables-save";
            return [];
        }

        return first[0] == '*' ? SavedTables.Split(text, out error) : [new RulesetScript(ScriptFormat.Nft, text)];
    }

    /// <summary>The first line that is no comment; both languages have the same comments.</summary>
    private static string FirstLine(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            string words = text[start..end].Trim();
            if (words.Length > 0 && words[0] != '#')
            {
                return words;
            }

            start = end + 1;
        }

        return "";
    }
}
