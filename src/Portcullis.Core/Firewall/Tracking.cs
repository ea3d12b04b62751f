namespace Portcullis.Core.Firewall;

/// <summary>What connection tracking makes of the first packet of a connection.</summary>
public enum Tracking
{
    /// <summary>It has not seen the packet yet: its state is "invalid" (nft_ct.c).</summary>
    NotYet,

    /// <summary>A new connection.</summary>
    New,

    /// <summary>A rule said notrack.</summary>
    Untracked,
}
