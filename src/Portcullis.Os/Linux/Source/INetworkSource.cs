using System;

namespace Portcullis.Os.Linux.Source;

/// <summary>The part of the door that leads into network namespaces.</summary>
internal interface INetworkSource
{
    /// <summary>Calls <paramref name="visit"/> inside the namespace, before returning; perhaps on another thread.</summary>
    /// <returns>0, or the errno for which the namespace could not be entered.</returns>
    int Visit(NamespaceHandle network, Action<INetworkDoor> visit);
}
