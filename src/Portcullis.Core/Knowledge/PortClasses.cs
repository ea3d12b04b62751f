using System;

namespace Portcullis.Core.Knowledge;

/// <summary>Tells the class of a port number.</summary>
public static class PortClasses
{
    private const int FirstUser = 1024;
    private const int FirstDynamic = 49152;
    private const int Last = 65535;

    /// <summary>The class of a port by its number alone, RFC 6335 section 6.</summary>
    /// <param name="port">0 to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such port.</exception>
    public static PortClass Of(int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, Last);
        return port < FirstUser ? PortClass.System : port < FirstDynamic ? PortClass.User : PortClass.Dynamic;
    }
}
