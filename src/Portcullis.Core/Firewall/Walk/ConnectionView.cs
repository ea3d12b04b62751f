namespace Portcullis.Core.Firewall.Walk;

/// <summary>What connection tracking has made of a walking packet.</summary>
internal enum ConnectionView
{
    /// <summary>It has not come to it yet, or found nothing that begins a connection (nft_ct.c: "invalid").</summary>
    None,

    /// <summary>A new connection.</summary>
    New,

    /// <summary>Not tracked.</summary>
    Untracked,
}
