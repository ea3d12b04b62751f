using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>Compares what was claimed with what was seen.</summary>
internal static class Outcome
{
    /// <summary>What it means for a port on which something listens.</summary>
    /// <param name="claimed">The claim; null for none.</param>
    /// <param name="seen">What was seen.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="isTwin">Whether a twin was asked, in which every UDP port answers, and no program decides beside the rules.</param>
    /// <param name="isBusy">Whether its queue of connections is full: the kernel drops further ones (listen(2)).</param>
    internal static ProofOutcome Of(ReachVerdict? claimed, SeenPorts seen, Protocol protocol, bool isTwin, bool isBusy)
    {
        if (claimed is null || seen.State == PortState.Unknown)
        {
            return ProofOutcome.Untold;
        }

        // Over UDP silence says nothing: what listens need not answer.
        bool isSilent = seen.State is PortState.Filtered or PortState.OpenOrFiltered;
        if (isSilent && protocol == Protocol.Udp && !isTwin)
        {
            return ProofOutcome.Untold;
        }

        // What answers without having been asked is something in front of this host.
        bool isOpen = seen.State == PortState.Open;
        if (isOpen && seen.HasArrived == false)
        {
            return ProofOutcome.Untold;
        }

        return claimed switch
        {
            ReachVerdict.Reachable when isOpen => ProofOutcome.Proved,
            ReachVerdict.Reachable when isSilent && isBusy => ProofOutcome.Untold,
            ReachVerdict.Reachable => seen.HasArrived switch { true => ProofOutcome.Contradicted, false => ProofOutcome.StoppedBefore, null => ProofOutcome.Untold },

            // A rule that rejects may answer as if nothing listened (reject with tcp reset), so that every refusal agrees with it.
            ReachVerdict.Blocked => isOpen ? ProofOutcome.Contradicted : seen.HasArrived == false ? ProofOutcome.StoppedBefore : ProofOutcome.Proved,
            _ when isTwin => ProofOutcome.Untold,
            _ => isOpen || seen.HasArrived == true ? ProofOutcome.Settled : ProofOutcome.Untold,
        };
    }
}
