namespace Portcullis.Core.Model;

/// <summary>The TCP connections that one port of the host had at the moment.</summary>
/// <param name="Port">1 to 65535.</param>
/// <param name="Local">Those whose other end is this host itself, by its own addresses.</param>
/// <param name="Others">All others, also those from containers on this host.</param>
public sealed record PeerCount(int Port, int Local, int Others);
