using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// How one protocol over TCP is recognised: what is asked, and what its services answer. What is asked changes nothing in a service,
/// never logs in, and harms no service of another kind.
/// </summary>
public interface IServiceProtocol
{
    /// <summary>The protocol's registered or usual name.</summary>
    string Name { get; }

    /// <summary>The ports on which it is usual: there it is asked first. They prove nothing.</summary>
    ImmutableArray<int> Ports { get; }

    /// <summary>The first question; empty for a protocol whose services speak first.</summary>
    /// <param name="host">The name or address that was asked for, as HTTP wants to know it.</param>
    byte[] Question(string host) => [];

    /// <summary>Reads what was heard. Any bytes whatever may come; the answer never throws.</summary>
    Reading Read(in Heard heard);
}
