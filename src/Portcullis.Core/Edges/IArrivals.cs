using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Sees the first packets of TCP connections come in to this machine, before any rule is asked. Disposing ends it.</summary>
public interface IArrivals : IDisposable
{
    /// <summary>All that came so far, by source and destination.</summary>
    ImmutableArray<ArrivedPackets> Seen();
}
