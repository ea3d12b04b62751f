using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;

namespace Portcullis.Core.Text.Systemd;

/// <summary>The assignments of a unit file, or of one with its drop-ins, in the order in which they apply (systemd.syntax(7)).</summary>
public sealed class UnitFile
{
    private readonly ImmutableArray<UnitSetting> _settings;

    private UnitFile(ImmutableArray<UnitSetting> settings) => _settings = settings;

    /// <summary>A unit that says nothing.</summary>
    public static UnitFile Empty { get; } = new([]);

    /// <summary>Every assignment in order.</summary>
    public ImmutableArray<UnitSetting> Settings => _settings;

    /// <summary>
    /// Reads a file. Lines that are no assignment, or stand before the first section, are passed over, as systemd does.
    /// </summary>
    public static UnitFile Parse(string text)
    {
        ImmutableArray<UnitSetting>.Builder settings = ImmutableArray.CreateBuilder<UnitSetting>();
        string? section = null;
        StringBuilder? joined = null;
        int at = text.StartsWith('\ufeff') ? 1 : 0;
        while (at < text.Length)
        {
            ReadOnlySpan<char> line = NextLine(text, ref at);
            if (line.TrimStart() is ['#' or ';', ..])
            {
                // A comment does not end a continued line.
                continue;
            }

            if (IsContinued(line))
            {
                (joined ??= new StringBuilder()).Append(line[..^1]).Append(' ');
                continue;
            }

            if (joined is not null)
            {
                joined.Append(line);
                Take(joined.ToString(), ref section, settings);
                joined = null;
            }
            else
            {
                Take(line, ref section, settings);
            }
        }

        if (joined is not null)
        {
            Take(joined.ToString(), ref section, settings);
        }

        return new UnitFile(settings.ToImmutable());
    }

    /// <summary>This file with another's assignments after its own, as a drop-in applies.</summary>
    public UnitFile With(UnitFile later) => later._settings.IsEmpty ? this : new UnitFile(_settings.AddRange(later._settings));

    /// <summary>The value that counts where only one can: the last; null where it was never set or is empty.</summary>
    public string? Last(string section, string key)
    {
        for (int at = _settings.Length - 1; at >= 0; at--)
        {
            if (_settings[at].Section == section && _settings[at].Key == key)
            {
                return _settings[at].Value.Length == 0 ? null : _settings[at].Value;
            }
        }

        return null;
    }

    /// <summary>The words of every assignment of a list; an empty assignment drops those before it.</summary>
    public IReadOnlyList<string> Words(string section, string key)
    {
        List<string> words = [];
        foreach (UnitSetting setting in _settings)
        {
            if (setting.Section == section && setting.Key == key)
            {
                if (setting.Value.Length == 0)
                {
                    words.Clear();
                }

                foreach (string word in setting.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                {
                    words.Add(word.Trim('"', '\''));
                }
            }
        }

        return words;
    }

    /// <summary>systemd's idea of a truth: "1", "yes", "y", "true", "t", "on", in any case.</summary>
    public static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "YES" or "Y" or "TRUE" or "T" or "ON";

    private static void Take(ReadOnlySpan<char> line, ref string? section, ImmutableArray<UnitSetting>.Builder settings)
    {
        line = line.Trim();
        if (line.Length > 1 && line[0] == '[' && line[^1] == ']')
        {
            section = line[1..^1].ToString();
            return;
        }

        int equals = line.IndexOf('=');
        if (section is not null && equals > 0 && line[0] != '[')
        {
            settings.Add(new UnitSetting(section, line[..equals].TrimEnd().ToString(), line[(equals + 1)..].TrimStart().ToString()));
        }
    }

    // An even number of backslashes at the end is that many escaped backslashes.
    private static bool IsContinued(ReadOnlySpan<char> line)
    {
        int count = 0;
        while (count < line.Length && line[^(count + 1)] == '\\')
        {
            count++;
        }

        return count % 2 == 1;
    }

    private static ReadOnlySpan<char> NextLine(string text, ref int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at);
        int end = rest.IndexOfAny('\n', '\r', '\0');
        if (end < 0)
        {
            at = text.Length;
            return rest;
        }

        at += end + (rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n' ? 2 : 1);
        return rest[..end];
    }
}
