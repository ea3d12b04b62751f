using Portcullis.Core.Edges;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Nft;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Twins;

/// <summary>Carries the host's rules into a twin, as the kernel told them.</summary>
internal static class TwinRules
{
    /// <summary>Loads them in the namespace of the calling thread.</summary>
    /// <exception cref="ProbeException">The kernel refuses.</exception>
    internal static void Load(RulesetDump rules)
    {
        foreach (byte[] batch in NftTransplant.Batches(rules.Messages.Span))
        {
            // A socket each: where a batch fails, the kernel tells of every message in it.
            using NetlinkSocket socket = NetlinkSocket.Open(LibcSockets.NETLINK_NETFILTER, out int error) ?? throw new ProbeException($"the kernel has no nf_tables here: {Errno.Text(error)}");
            Answer answer = socket.Dump(batch);
            if (!answer.Ok)
            {
                throw new ProbeException($"the kernel does not take this host's own rules again ({Errno.Text(answer.Error)}); objects with names, such as counters and flow tables, cannot be carried into it");
            }
        }
    }
}
