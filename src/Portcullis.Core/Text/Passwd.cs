using System;
using System.Collections.Generic;
using System.Globalization;

namespace Portcullis.Core.Text;

/// <summary>The accounts of passwd(5) by number.</summary>
public sealed class Passwd
{
    // Wider than a user id: the framework brings the code for tables by ulong, but not by uint, already compiled.
    private readonly Dictionary<ulong, Account> _accounts = [];

    private Passwd()
    {
    }

    /// <summary>
    /// Reads the file. Of several accounts with one number the first counts, as for getpwuid(3); a line that is no account
    /// is passed over, as the C library does.
    /// </summary>
    public static Passwd Parse(string text)
    {
        Passwd passwd = new();
        foreach (Range line in text.AsSpan().Split('\n'))
        {
            string[] fields = text[line].Split(':');
            if (fields.Length == 7 && fields[0].Length > 0 && !fields[0].StartsWith('#')
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid))
            {
                passwd._accounts.TryAdd(uid, new Account(fields[0], fields[5]));
            }
        }

        return passwd;
    }

    /// <summary>The account of a number; null for none.</summary>
    public Account? Of(uint uid) => _accounts.TryGetValue(uid, out Account? account) ? account : null;

    /// <summary>The login name of a number; null for none.</summary>
    public string? NameOf(uint uid) => Of(uid)?.Name;
}
