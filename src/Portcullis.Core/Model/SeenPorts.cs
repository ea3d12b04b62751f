namespace Portcullis.Core.Model;

/// <summary>Neighbouring ports that fared alike when they were asked from elsewhere.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="First">The first, 0 to 65,535.</param>
/// <param name="Last">The last, not below the first.</param>
/// <param name="State">What was found.</param>
/// <param name="HasArrived">Whether the questions were seen coming in to this host; null where nobody looked, or not all could be seen.</param>
public sealed record SeenPorts(Protocol Protocol, int First, int Last, PortState State, bool? HasArrived);
