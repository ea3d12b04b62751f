using Portcullis.Core.Model;

namespace Portcullis.Core.Firewall;

/// <summary>A block of addresses (RFC 4632).</summary>
/// <param name="Prefix">Its first address.</param>
/// <param name="Length">The leading bits that all of its addresses share.</param>
public readonly record struct IpBlock(IpAddress Prefix, int Length);
