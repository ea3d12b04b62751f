using Portcullis.Core.Model;

namespace Portcullis.Os.Linux.Packets;

/// <summary>An ICMP message that a socket was told of (struct sock_extended_err of linux/errqueue.h).</summary>
/// <param name="By">Who sent it.</param>
/// <param name="Type">The message's type.</param>
/// <param name="Code">Its code.</param>
/// <param name="To">Where the packet went that caused it; port 0 where that was not told.</param>
/// <param name="Port">The port it went to.</param>
internal readonly record struct SocketError(IpAddress By, byte Type, byte Code, IpAddress? To, ushort Port)
{
    /// <summary>Whether a port or a policy refused, not a router that knows no way (RFC 792; RFC 1812, 5.2.7.1; RFC 4443, 3.1).</summary>
    internal bool IsRefusal => IsPortUnreachable || (By.Version == IpVersion.V6 ? Type == 1 && Code is 1 or 5 or 6 : Type == 3 && Code is 9 or 10 or 13);

    /// <summary>Whether it says "port unreachable".</summary>
    internal bool IsPortUnreachable => By.Version == IpVersion.V6 ? (Type, Code) == (1, 4) : (Type, Code) == (3, 3);
}
