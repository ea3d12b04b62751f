namespace Portcullis.Core.Model;

/// <summary>How a change stands.</summary>
public enum ChangeState
{
    /// <summary>It was written down, and nothing was changed.</summary>
    Abandoned,

    /// <summary>It is in force, and is taken back unless it is confirmed in time.</summary>
    Waiting,

    /// <summary>Somebody has begun to confirm it, and was stopped on the way: it is in force, and may be gone after a restart.</summary>
    Confirming,

    /// <summary>It lasts.</summary>
    Confirmed,

    /// <summary>Somebody has begun to take it back, and was stopped on the way or failed: it may be in force.</summary>
    Reverting,

    /// <summary>It was taken back before it was confirmed.</summary>
    Reverted,

    /// <summary>The machine started anew before it was confirmed: it is not in force.</summary>
    LostAtRestart,

    /// <summary>Somebody has begun to take it back after it had been confirmed, and was stopped on the way: it may be in force.</summary>
    Undoing,

    /// <summary>It was taken back after it had been confirmed.</summary>
    Undone,
}
