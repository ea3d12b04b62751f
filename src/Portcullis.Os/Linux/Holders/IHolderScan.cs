namespace Portcullis.Os.Linux.Holders;

/// <summary>Finds out which processes hold which sockets and network namespaces.</summary>
internal interface IHolderScan
{
    /// <summary>Looks at every process that can be seen. Never throws for what the machine answers.</summary>
    HolderScanResult Scan();
}
