using System;

namespace Portcullis.Core.Edges;

/// <summary>Probes cannot be sent: no route, no neighbour, no right.</summary>
public sealed class ProbeException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">Why, as the rest of "cannot probe TARGET: …".</param>
    public ProbeException(string message)
        : base(message)
    {
    }
}
