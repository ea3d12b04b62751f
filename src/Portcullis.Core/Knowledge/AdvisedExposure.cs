namespace Portcullis.Core.Knowledge;

/// <summary>The widest audience that a service is meant for, where it is wanted at all.</summary>
public enum AdvisedExposure
{
    /// <summary>Nobody: the service should be off or replaced.</summary>
    None,

    /// <summary>This host only.</summary>
    Loopback,

    /// <summary>Administrators: a management network, a VPN or a list of addresses.</summary>
    Management,

    /// <summary>The private network of the hosts that work together.</summary>
    Private,

    /// <summary>Anybody.</summary>
    Internet,
}
