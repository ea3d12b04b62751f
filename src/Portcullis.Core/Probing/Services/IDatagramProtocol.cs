using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// How one protocol over UDP is recognised: one datagram that is asked, and one that is answered. What is asked changes nothing in a
/// service and never logs in.
/// </summary>
public interface IDatagramProtocol
{
    /// <summary>The protocol's registered or usual name.</summary>
    string Name { get; }

    /// <summary>The ports on which it is usual: there it is asked.</summary>
    ImmutableArray<int> Ports { get; }

    /// <summary>The question.</summary>
    byte[] Question { get; }

    /// <summary>Whether the answer comes from another port than the one that was asked, as with TFTP (RFC 1350, 4).</summary>
    bool AnswersFromAnotherPort => false;

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">One datagram; any bytes whatever.</param>
    /// <returns>The service; null where such an answer is not of this protocol.</returns>
    IdentifiedService? Read(ReadOnlySpan<byte> answer);
}
