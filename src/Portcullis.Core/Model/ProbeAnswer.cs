namespace Portcullis.Core.Model;

/// <summary>What came back for a probe.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="State">What the answer says of the port: open, closed, rejected; unknown where a router could not deliver it.</param>
/// <param name="At">When it came, in microseconds of the clock that the probe was sent by.</param>
/// <param name="Hops">The time to live or hop limit that it had left; 0 where that was not seen.</param>
/// <param name="By">Who sent it; the target, but for ICMP.</param>
public readonly record struct ProbeAnswer(Probe Probe, PortState State, long At, byte Hops, IpAddress By);
