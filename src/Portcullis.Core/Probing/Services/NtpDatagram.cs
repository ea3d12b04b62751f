using System;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Network Time Protocol (RFC 5905, 7.3). Asked: the time, as a client of version 4; not the lists by which others are flooded.
/// </summary>
public sealed class NtpDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "ntp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [123];

    /// <inheritdoc/>
    public byte[] Question => [0x23, .. new byte[39], .. "Portculi"u8];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        // u8 leap 2 bits, version 3 bits, mode 3 bits (4: server); u8 stratum; ...; at 24 the time that the question carried
        if (answer.Length < 48 || (answer[0] & 7) != 4 || !answer[24..32].SequenceEqual("Portculi"u8))
        {
            return null;
        }

        string stratum = answer[1] switch { 0 => "not to be asked", 16 => "not synchronised", _ => string.Create(CultureInfo.InvariantCulture, $"stratum {answer[1]}") };
        return Sighting.Of(Name, $"version {(answer[0] >> 3) & 7}, {stratum}").Open("tells anybody the time");
    }
}
