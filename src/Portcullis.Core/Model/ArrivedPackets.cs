using System.Collections.Immutable;

namespace Portcullis.Core.Model;

/// <summary>First packets of TCP connections (SYN) that were seen coming in from one address to one, before any rule was asked.</summary>
/// <param name="Source">From where.</param>
/// <param name="Destination">To where.</param>
/// <param name="Interface">The index of the interface by which the last of them came.</param>
/// <param name="Ports">The destination ports, sorted, each once.</param>
/// <param name="IsWhole">Whether none was overlooked: false where the kernel had to throw some away.</param>
public sealed record ArrivedPackets(IpAddress Source, IpAddress Destination, int Interface, ImmutableArray<ushort> Ports, bool IsWhole);
