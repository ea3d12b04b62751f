namespace Portcullis.Core.Model;

/// <summary>What may go wrong with a step.</summary>
public enum StepRisk
{
    /// <summary>Nothing that is in use is touched, as far as can be seen.</summary>
    Low,

    /// <summary>What somebody may be using is cut off.</summary>
    Medium,

    /// <summary>The way in of whoever carries it out may be cut off.</summary>
    High,
}
