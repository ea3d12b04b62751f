namespace Portcullis.Core.Knowledge;

/// <summary>The columns of ports.tsv, in their order.</summary>
internal enum PortColumn
{
    Ports,
    Protocol,
    Name,
    UsedBy,
    What,
    ClearText,
    Encrypted,
    Exposure,
    Amplification,
    Risk,
    Abuse,
    Instead,
    Packages,
    Units,
    Bind,
    Windows,
    Exploited,
    Sources,
}
