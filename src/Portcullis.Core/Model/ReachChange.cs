namespace Portcullis.Core.Model;

/// <summary>Packets that fare otherwise by other rules.</summary>
/// <param name="Was">How they fared before.</param>
/// <param name="WasBy">The rule or policy that decided then; null where none did.</param>
/// <param name="WasTo">Where they went then: "host", or "172.17.0.2:80" after translation.</param>
/// <param name="Is">Which packets, and how they fare now.</param>
public sealed record ReachChange(ReachVerdict Was, string? WasBy, string WasTo, ReachAnswer Is)
{
    /// <summary>Whether more get in than before.</summary>
    public bool Opens => Is.Verdict > Was;

    /// <summary>Whether fewer get in than before; where neither holds they go elsewhere.</summary>
    public bool Closes => Is.Verdict < Was;
}
