namespace Portcullis.Core.Model;

/// <summary>Whether a service wants to know who asks before it serves, as far as its own answers tell.</summary>
public enum AuthenticationDemand
{
    /// <summary>Its answers do not tell.</summary>
    Unknown,

    /// <summary>It asks.</summary>
    Asked,

    /// <summary>It serves anybody who connects.</summary>
    NotAsked,
}
