using System;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;

namespace Portcullis.Os.Linux.Peers;

/// <summary>Opens the ways to network namespaces of this machine, and by ssh(1) to other machines.</summary>
/// <param name="doors">The ways to probe.</param>
internal sealed class LinuxPeers(IProbeDoors doors) : IPeers
{
    private const string Namespace = "netns:";

    /// <inheritdoc/>
    public IPeer Open(string name, string program) => name.StartsWith(Namespace, StringComparison.Ordinal)
        ? NamespacePeer.Open(name, name[Namespace.Length..], doors)
        : SshPeer.Open(name, program);

    /// <inheritdoc/>
    public IArrivals? Watch(IpVersion version, out string why)
    {
        why = "";
        if (!doors.HasRawPackets(out string refusal))
        {
            why = refusal;
            return null;
        }

        try
        {
            return Arrivals.Open(version);
        }
        catch (ProbeException refused)
        {
            why = refused.Message;
            return null;
        }
    }
}
