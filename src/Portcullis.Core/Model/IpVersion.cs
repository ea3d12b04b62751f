namespace Portcullis.Core.Model;

/// <summary>The version of the Internet Protocol that an <see cref="IpAddress"/> belongs to.</summary>
public enum IpVersion
{
    /// <summary>RFC 791.</summary>
    V4,

    /// <summary>RFC 8200.</summary>
    V6,
}
