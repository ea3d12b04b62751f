namespace Portcullis.Core.Model;

/// <summary>What a journal tells of a change, in the order in which it happens.</summary>
public enum ChangeEventKind
{
    /// <summary>It was written down; nothing has been changed.</summary>
    Begun,

    /// <summary>The revert stands ready outside this program.</summary>
    Armed,

    /// <summary>It is about to be made.</summary>
    Making,

    /// <summary>It is made; its note tells when, in seconds since the machine's start.</summary>
    Made,

    /// <summary>What it claimed is so.</summary>
    Verified,

    /// <summary>It could not be made, or is not as claimed.</summary>
    Failed,

    /// <summary>It lasts.</summary>
    Confirmed,

    /// <summary>It was taken back before it was confirmed.</summary>
    Reverted,

    /// <summary>It is about to be taken back after it had been confirmed.</summary>
    Undoing,

    /// <summary>It was taken back after it had been confirmed.</summary>
    Undone,
}
