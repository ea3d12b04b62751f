using System.Collections.Generic;

namespace Portcullis.Os.Linux.Holders;

/// <summary>Finds out which processes hold which sockets and network namespaces.</summary>
internal interface IHolderScan
{
    /// <summary>Looks at every process that can be seen. Never throws for what the machine answers.</summary>
    HolderScanResult Scan();

    /// <summary>Looks once more, for the holders of these sockets at least; whatever else it tells may be less than all.</summary>
    /// <param name="sockets">Their inodes.</param>
    HolderScanResult ScanAgain(IReadOnlyCollection<ulong> sockets);
}
