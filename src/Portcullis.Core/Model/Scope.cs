namespace Portcullis.Core.Model;

/// <summary>How far the address that a socket is bound to can be heard, whatever the firewall does.</summary>
public enum Scope
{
    /// <summary>This host only: 127.0.0.0/8, ::1, or a socket bound to the loopback device.</summary>
    Loopback,

    /// <summary>The attached link only: 169.254.0.0/16, fe80::/10, link-local multicast and broadcast.</summary>
    Link,

    /// <summary>An address of a private network: RFC 1918, RFC 4193, RFC 6598.</summary>
    Private,

    /// <summary>One public address.</summary>
    Address,

    /// <summary>Every address of the host.</summary>
    Any,
}
