namespace Portcullis.Core.Model;

/// <summary>How the questions to an open port ended.</summary>
public enum DialogueEnd
{
    /// <summary>It is known what answers.</summary>
    Identified,

    /// <summary>Something answers, and nothing known answers so.</summary>
    Unrecognised,

    /// <summary>It accepts connections and says nothing, whatever is asked.</summary>
    Silent,

    /// <summary>It accepts connections and closes them before anything is said.</summary>
    ClosedAtOnce,

    /// <summary>No connection could be made.</summary>
    NotConnected,

    /// <summary>Time or connections were spent before all questions were asked.</summary>
    GivenUp,
}
