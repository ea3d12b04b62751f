namespace Portcullis.Core.Model.Rules;

/// <summary>The verdicts of nft(8), "Verdict statements".</summary>
public enum VerdictKind
{
    /// <summary>Goes on with the next rule.</summary>
    Continue,

    /// <summary>Ends this base chain; those that come later still see the packet.</summary>
    Accept,

    /// <summary>The end of the packet.</summary>
    Drop,

    /// <summary>The end of the packet, and its sender is told.</summary>
    Reject,

    /// <summary>Goes through another chain and comes back.</summary>
    Jump,

    /// <summary>Goes through another chain and does not come back to this one.</summary>
    Goto,

    /// <summary>Goes back to where it came from; from a base chain to its policy.</summary>
    Return,

    /// <summary>A program decides (NFQUEUE).</summary>
    Queue,

    /// <summary>The packet is taken out of the way in some other manner, by "fwd" or "synproxy".</summary>
    Stolen,
}
