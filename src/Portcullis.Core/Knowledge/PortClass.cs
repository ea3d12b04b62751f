namespace Portcullis.Core.Knowledge;

/// <summary>The three ranges of port numbers, RFC 6335 section 6.</summary>
public enum PortClass
{
    /// <summary>0 to 1023: assigned by IANA; on Unix only a privileged process may bind one.</summary>
    System,

    /// <summary>1024 to 49151: assigned by IANA on request, and used freely all the same.</summary>
    User,

    /// <summary>49152 to 65535: never assigned; for whoever needs a port for a while.</summary>
    Dynamic,
}
