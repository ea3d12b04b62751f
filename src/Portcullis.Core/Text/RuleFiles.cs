using System;

namespace Portcullis.Core.Text;

/// <summary>
/// Reads from the files of firewalls the little that tells what they will do when the machine starts. Nothing is worked out from them:
/// the rules that count are the kernel's.
/// </summary>
public static class RuleFiles
{
    // nft(8): verdicts and statements by which a file can keep something out, and what may bring such from elsewhere.
    private static readonly string[] s_hard = ["drop", "reject", "include", "jump", "goto", "vmap", "queue"];

    /// <summary>Whether ufw is switched on by its ufw.conf, which a shell reads (ufw's ufw-init-functions): the last ENABLED= counts.</summary>
    public static bool IsUfwOn(string text)
    {
        bool isOn = false;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> rest = line.Trim();
            if (rest.StartsWith("ENABLED=", StringComparison.Ordinal))
            {
                ReadOnlySpan<char> value = rest["ENABLED=".Length..];
                int comment = value.IndexOf('#');
                isOn = (comment < 0 ? value : value[..comment]).Trim().Trim('"').Trim('\'') is "yes" or "YES";
            }
        }

        return isOn;
    }

    /// <summary>Whether an nft script removes every table there is (nft(8), "flush ruleset" without a family).</summary>
    public static bool FlushesRuleset(string script)
    {
        string? before = null;
        bool isFlush = false;
        foreach (string word in new NftWords(script))
        {
            // "flush ruleset ip" leaves the other families alone.
            if (isFlush && word is not ("ip" or "ip6" or "arp" or "bridge" or "netdev"))
            {
                return true;
            }

            isFlush = before == "flush" && word == "ruleset";
            before = word;
        }

        return isFlush;
    }

    /// <summary>Whether an nft script can keep anything out at all; one of chains alone that accept cannot.</summary>
    public static bool HasNftRules(string script)
    {
        foreach (string word in new NftWords(script))
        {
            if (Array.IndexOf(s_hard, word) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what iptables-save(8) wrote has a rule, or a chain whose policy is to drop.</summary>
    public static bool HasSavedRules(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> rest = line.Trim();
            if (rest.StartsWith("-A ", StringComparison.Ordinal) || rest.StartsWith("[", StringComparison.Ordinal)
                || (rest.StartsWith(":", StringComparison.Ordinal) && rest.Contains(" DROP", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a script or command line calls a program that loads rules: nft, iptables and its kin.</summary>
    public static bool LoadsRules(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> rest = line.Trim();
            if (rest is not ['#', ..] && (HasCommand(rest, "nft") || rest.Contains("iptables", StringComparison.Ordinal) || rest.Contains("ip6tables", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a word stands for itself, perhaps with a path in front.</summary>
    private static bool HasCommand(ReadOnlySpan<char> line, string name)
    {
        for (int at = line.IndexOf(name, StringComparison.Ordinal); at >= 0;)
        {
            int end = at + name.Length;
            if ((at == 0 || !IsPart(line[at - 1])) && (end == line.Length || !IsPart(line[end])))
            {
                return true;
            }

            int next = line[end..].IndexOf(name, StringComparison.Ordinal);
            at = next < 0 ? -1 : end + next;
        }

        return false;
    }

    private static bool IsPart(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
