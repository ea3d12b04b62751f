using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>A port of the host that answers packets from elsewhere, and is no listener's.</summary>
/// <param name="View">Who found it.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Port">The port, 0 to 65,535.</param>
/// <param name="HasArrived">Whether its packets were seen coming in to this host; null where that is not known.</param>
/// <param name="Claim">What the rules say of such packets; null where they were not read.</param>
internal sealed record UnaccountedPort(OutsideView View, Protocol Protocol, int Port, bool? HasArrived, Claim? Claim);
