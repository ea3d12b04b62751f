using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Trivial File Transfer Protocol (RFC 1350). Asked: to read a file that is not there; the server answers that it is not, from a
/// port of its own. Nothing is written.
/// </summary>
public sealed class TftpDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "tftp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [69];

    /// <inheritdoc/>
    public byte[] Question => [0, 1, .. "portcullis-asks"u8, 0, .. "octet"u8, 0];

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        // u16 opcode: 5 error, 3 data, 6 options; u16 code; text
        return answer.Length < 4 || answer[0] != 0 || answer[1] is not (3 or 5 or 6) || (answer[1] == 5 && answer[2] != 0) ? null
            : Sighting.Of(Name, answer[4..]).Open("gives its files to whoever knows their names") is { Evidence.Length: > 0 } told ? told : Sighting.Of(Name, "answers a request to read");
    }

    /// <inheritdoc/>
    public bool AnswersFromAnotherPort => true;
}
