using System;
using System.Globalization;
using System.Text;

namespace Portcullis.Core.Text.Systemd;

/// <summary>Puts values for the %-specifiers of a unit file (systemd.unit(5), "Specifiers").</summary>
public static class Specifiers
{
    /// <summary>The longest result in characters; beyond that nothing more is replaced.</summary>
    public const int Longest = 65536;

    /// <summary>Resolves what is known; a specifier without a known value stays as it is written.</summary>
    /// <param name="text">A value of the unit.</param>
    /// <param name="unit">The unit's full, valid name.</param>
    /// <param name="values">What the machine's specifiers stand for.</param>
    public static string Resolve(string text, string unit, SpecifierValues values)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder result = new();
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && at + 1 < text.Length && result.Length < Longest && Value(text[at + 1], unit, values) is string value)
            {
                result.Append(value);
                at++;
            }
            else
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    private static string? Value(char letter, string unit, SpecifierValues values) => letter switch
    {
        '%' => "%",
        'n' => unit,
        'N' => UnitName.Stem(unit),
        'p' => UnitName.Prefix(unit),
        'P' => UnitName.Unescape(UnitName.Prefix(unit)),
        'i' => UnitName.Instance(unit) ?? string.Empty,
        'I' => UnitName.Unescape(UnitName.Instance(unit) ?? string.Empty),
        'j' => LastPart(unit),
        'J' => UnitName.Unescape(LastPart(unit)),
        'f' => "/" + UnitName.Unescape(UnitName.Instance(unit) is { Length: > 0 } instance ? instance : UnitName.Prefix(unit)).TrimStart('/'),
        'T' => "/tmp",
        'V' => "/var/tmp",
        _ => MachineValue(letter, values),
    };

    private static string? MachineValue(char letter, SpecifierValues values) => letter switch
    {
        't' => values.RuntimeDirectory,
        'S' => values.StateDirectory,
        'C' => values.CacheDirectory,
        'L' => values.LogsDirectory,
        'E' => values.ConfigurationDirectory,
        'h' => values.Home,
        'u' => values.UserName,
        'U' => values.UserId?.ToString(CultureInfo.InvariantCulture),
        'H' => values.HostName,
        'l' => values.HostName?.Split('.')[0],
        'm' => values.MachineId,
        'b' => values.BootId,
        'v' => values.KernelRelease,
        _ => null,
    };

    private static string LastPart(string unit)
    {
        string prefix = UnitName.Prefix(unit);
        return prefix[(prefix.LastIndexOf('-') + 1)..];
    }
}
