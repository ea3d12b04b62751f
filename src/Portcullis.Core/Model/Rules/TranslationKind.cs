namespace Portcullis.Core.Model.Rules;

/// <summary>The sorts of address translation (nft(8), "NAT statements").</summary>
public enum TranslationKind
{
    /// <summary>Another destination.</summary>
    Destination,

    /// <summary>This host, by the address of the interface it came in by.</summary>
    Redirect,

    /// <summary>Another source.</summary>
    Source,

    /// <summary>This host as the source.</summary>
    Masquerade,

    /// <summary>Given to a local socket without any change to the packet (tproxy).</summary>
    TransparentProxy,
}
