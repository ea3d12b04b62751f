namespace Portcullis.Core.Model;

/// <summary>What becomes of a change that waits for its confirmation. Only one of the two can ever happen to it.</summary>
public enum ChangeOutcome
{
    /// <summary>It lasts.</summary>
    Confirmed,

    /// <summary>It is taken back.</summary>
    Reverted,
}
