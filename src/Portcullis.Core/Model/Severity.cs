namespace Portcullis.Core.Model;

/// <summary>How much a finding matters, from least to most.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Untidy.</summary>
    Low,

    /// <summary>To be mended.</summary>
    Medium,

    /// <summary>To be mended soon.</summary>
    High,

    /// <summary>To be mended now.</summary>
    Critical,
}
