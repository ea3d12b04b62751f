using Portcullis.Core.Model;

namespace Portcullis.KernelTests.Firewall;

/// <summary>A packet that is sent, and told by its number.</summary>
/// <param name="Source">The source address.</param>
/// <param name="Destination">The destination, of the same version.</param>
/// <param name="Protocol">6, 17, 1 or 58.</param>
/// <param name="First">The source port, or the type of ICMP.</param>
/// <param name="Second">The destination port, or the code of ICMP.</param>
/// <param name="Flags">The flags of TCP.</param>
internal readonly record struct ProbePacket(IpAddress Source, IpAddress Destination, byte Protocol, int First, int Second, byte Flags)
{
    private static readonly IpAddress s_behind4 = IpAddress.Parse("172.17.0.2");
    private static readonly IpAddress s_behind6 = IpAddress.Parse("fd17::2");

    /// <summary>Whether it is for another host, behind the one that it is sent to.</summary>
    internal bool IsBehind => Destination == Behind(Destination.Version);

    /// <summary>That other host's address.</summary>
    internal static IpAddress Behind(IpVersion version) => version == IpVersion.V4 ? s_behind4 : s_behind6;

    internal bool IsV4 => Source.Version == IpVersion.V4;
}
