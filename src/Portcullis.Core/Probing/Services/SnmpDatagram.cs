using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Simple Network Management Protocol, version 3 (RFC 3414, 4). Asked: the engine's identity, which every engine reports to
/// strangers so that they can prove who they are; no community is guessed. Servers of the older versions alone stay silent.
/// </summary>
public sealed class SnmpDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "snmp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [161, 1161];

    /// <inheritdoc/>
    public byte[] Question =>
    [
        0x30, 57, 2, 1, 3, 0x30, 15, 2, 2, 0x50, 0x6f, 2, 3, 0, 0xff, 0xe3, 4, 1, 4, 2, 1, 3, // version 3; id, size, flags: reportable, model 3
        4, 16, 0x30, 14, 4, 0, 2, 1, 0, 2, 1, 0, 4, 0, 4, 0, 4, 0, // no engine, no user
        0x30, 17, 4, 0, 4, 0, 0xa0, 11, 2, 1, 1, 2, 1, 0, 2, 1, 0, 0x30, 0, // get of nothing
    ];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        // SEQUENCE { INTEGER 3 ... the report [8]: RFC 3416, 3
        bool isThird = answer.Length > 30 && answer[0] == 0x30 && answer.IndexOf((ReadOnlySpan<byte>)[2, 1, 3, 0x30]) is > 0 and < 6;
        if (!isThird || answer.IndexOf((byte)0xa8) < 0)
        {
            return null;
        }

        return Sighting.Of(Name, "version 3: reports its engine").By(Vendor(answer)).Asks("asks for a user (version 3); whether it takes a community was not tried");
    }

    /// <summary>The engine's identity begins with its maker's enterprise number (RFC 3411, 5): 8072 is Net-SNMP, 9 Cisco, 2636 Juniper.</summary>
    private static string? Vendor(ReadOnlySpan<byte> answer) =>
        answer.IndexOf((ReadOnlySpan<byte>)[0x80, 0, 0x1f, 0x88]) >= 0 ? "Net-SNMP"
        : answer.IndexOf((ReadOnlySpan<byte>)[0x80, 0, 0, 9]) >= 0 ? "Cisco"
        : answer.IndexOf((ReadOnlySpan<byte>)[0x80, 0, 0x0a, 0x4c]) >= 0 ? "Juniper" : null;
}
