namespace Portcullis.Core.Model.Rules;

/// <summary>The languages in which a ruleset is kept in a file.</summary>
public enum ScriptFormat
{
    /// <summary>nft's own (nft(8)): a script, or what "nft list ruleset" prints.</summary>
    Nft,

    /// <summary>What "nft -j list ruleset" prints (libnftables-json(5)).</summary>
    NftJson,

    /// <summary>What iptables-save prints (iptables-save(8)): rules for IPv4.</summary>
    Iptables,

    /// <summary>What ip6tables-save prints: rules for IPv6.</summary>
    Ip6tables,
}
