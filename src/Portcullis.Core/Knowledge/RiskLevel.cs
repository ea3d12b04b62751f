namespace Portcullis.Core.Knowledge;

/// <summary>How bad it is when a service is open to strangers, before anything about its configuration is known.</summary>
public enum RiskLevel
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>A small leak or nuisance.</summary>
    Low,

    /// <summary>Abused at scale, or a leak that helps an attacker.</summary>
    Medium,

    /// <summary>Data or accounts are at stake.</summary>
    High,

    /// <summary>The host is at stake: whoever reaches the port may control it.</summary>
    Critical,
}
