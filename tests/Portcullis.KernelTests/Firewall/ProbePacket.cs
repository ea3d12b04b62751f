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
    internal bool IsV4 => Source.Version == IpVersion.V4;
}
