using System;
using System.Text;

namespace Portcullis.Core.Wire.Xtables;

/// <summary>The two questions by which the older iptables' tables are read: getsockopt(2) on a raw socket.</summary>
/// <remarks>
/// struct ipt_getinfo: char name[32], u32 valid_hooks, u32 hook_entry[5], u32 underflow[5], u32 num_entries, u32 size. struct ipt_get_entries:
/// char name[32], u32 size, padding to eight bytes, the entries. IPv6 has the same under other names. Asking for a table that is not there
/// makes it, so that only those that /proc/net/ip_tables_names has may be asked for.
/// </remarks>
public static class XtablesRequest
{
    /// <summary>IPT_SO_GET_INFO and IP6T_SO_GET_INFO.</summary>
    public const int GetInfo = 64;

    /// <summary>IPT_SO_GET_ENTRIES and IP6T_SO_GET_ENTRIES.</summary>
    public const int GetEntries = 65;

    /// <summary>sizeof(struct ipt_getinfo).</summary>
    public const int InfoLength = 84;

    /// <summary>offsetof(struct ipt_get_entries, entrytable).</summary>
    public const int EntriesOffset = 40;

    internal const int NameLength = 32; // XT_TABLE_MAXNAMELEN
    internal const int ValidHooksAt = 32;
    internal const int HookEntryAt = 36;
    internal const int UnderflowAt = 56;
    internal const int CountAt = 76;
    internal const int SizeAt = 80;

    /// <summary>The question where a table's chains begin, and how long it is; null for a name that is none.</summary>
    public static byte[]? Info(string table) => Named(table, NameLength);

    /// <summary>The question for a table's entries.</summary>
    /// <param name="table">The table.</param>
    /// <param name="size">The length that <see cref="SizeIn"/> told.</param>
    public static byte[]? Entries(string table, uint size)
    {
        byte[]? question = Named(table, EntriesOffset);
        if (question is not null)
        {
            BitConverter.TryWriteBytes(question.AsSpan(NameLength), size);
        }

        return question;
    }

    /// <summary>The length of a table's entries in bytes; null where the answer is malformed.</summary>
    public static uint? SizeIn(ReadOnlySpan<byte> info) => info.Length >= InfoLength ? BitConverter.ToUInt32(info[SizeAt..]) : null;

    private static byte[]? Named(string table, int length)
    {
        byte[] name = Encoding.UTF8.GetBytes(table);
        if (name.Length is 0 or >= NameLength)
        {
            return null;
        }

        byte[] question = new byte[length];
        name.CopyTo(question, 0);
        return question;
    }
}
