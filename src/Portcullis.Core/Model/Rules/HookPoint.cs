namespace Portcullis.Core.Model.Rules;

/// <summary>The places in a packet's way at which chains may hang (nft(8), "Chains").</summary>
public enum HookPoint
{
    /// <summary>Straight after the device driver, before all else.</summary>
    Ingress,

    /// <summary>Before it is decided whether the packet is for this host.</summary>
    Prerouting,

    /// <summary>For this host.</summary>
    Input,

    /// <summary>Through this host.</summary>
    Forward,

    /// <summary>Made by this host.</summary>
    Output,

    /// <summary>About to leave.</summary>
    Postrouting,

    /// <summary>Straight before the device driver.</summary>
    Egress,
}
