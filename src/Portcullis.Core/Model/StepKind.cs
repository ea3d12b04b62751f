namespace Portcullis.Core.Model;

/// <summary>The kinds of steps.</summary>
public enum StepKind
{
    /// <summary>Rules of Portcullis's own table.</summary>
    Firewall,
}
