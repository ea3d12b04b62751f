namespace Portcullis.Core.Knowledge;

/// <summary>What sort of service it is, as far as that decides who should reach it.</summary>
public enum ServiceKind
{
    /// <summary>None of the others.</summary>
    Other,

    /// <summary>It keeps data for other programs: databases, caches, search engines, message brokers, coordination.</summary>
    DataStore,

    /// <summary>Who reaches it manages the host, a container engine, a cluster or an appliance.</summary>
    Management,

    /// <summary>People log in over it and may do so in clear text.</summary>
    Login,
}
