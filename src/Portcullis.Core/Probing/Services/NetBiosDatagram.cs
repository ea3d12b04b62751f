using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// NetBIOS name service (RFC 1002, 4.2.17). Asked: the status of the node, its own names, which only reads.
/// </summary>
public sealed class NetBiosDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "netbios-ns";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [137];

    /// <inheritdoc/>
    public byte[] Question => [0x50, 0x6f, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 32, .. "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"u8, 0, 0, 0x21, 0, 1];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        // header of 12, name of 34, u16 type 0x21, u16 class, u32, u16 length, u8 count, then names of 15 and a suffix, u16 flags
        if (answer.Length < 57 || answer[0] != 0x50 || answer[1] != 0x6f || (answer[2] & 0x80) == 0 || answer[47] != 0x21)
        {
            return null;
        }

        int count = Math.Min(answer[56], (answer.Length - 57) / 18);
        StringBuilder names = new();
        for (int at = 0; at < Math.Min(count, 6); at++)
        {
            names.Append(at == 0 ? "" : ", ").Append(Encoding.Latin1.GetString(answer.Slice(57 + (at * 18), 15)).TrimEnd());
        }

        return Sighting.Of(Name, $"names: {names}").Open("tells its names to anybody");
    }
}
