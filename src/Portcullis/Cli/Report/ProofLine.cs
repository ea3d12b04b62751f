using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Says in one line for each who asked how much packets from elsewhere proved.</summary>
internal static class ProofLine
{
    /// <summary>"Asked by packets from web2 (10.0.5.7) at 10.0.5.9, 65,535 TCP and 3 UDP ports: 1 claim of the rules is contradicted, 12 claims of the rules hold." for each; none where none were sent.</summary>
    internal static IEnumerable<string> Of(Assessment assessment)
    {
        Proof[] twins = [.. assessment.Listeners.SelectMany(static listener => listener.Proofs).Where(static proof => proof.IsTwin)];
        if (assessment.Outside.Any(static view => view.IsTwin))
        {
            yield return $"Asked by packets in a twin of this host, a namespace with its interfaces and its rules: {Outcomes([.. twins.Select(static proof => proof.Outcome)])}.";
        }

        foreach (IGrouping<string, OutsideView> same in assessment.Outside.Where(static view => !view.IsTwin).GroupBy(static view => view.From))
        {
            ProofOutcome[] outcomes = [.. assessment.Listeners.SelectMany(static listener => listener.Proofs).Where(proof => proof.From == same.Key).Select(static proof => proof.Outcome)];
            string sources = string.Join(", ", same.Select(static view => view.Source?.ToString()).OfType<string>().Distinct().Where(source => source != same.Key));
            string addresses = string.Join(", ", same.Select(static view => view.Address.ToString()).Distinct());
            int tcp = same.Max(static view => Count(view, Protocol.Tcp));
            int udp = same.Max(static view => Count(view, Protocol.Udp));
            string ports = string.Create(CultureInfo.InvariantCulture, $"{tcp:N0} TCP{(udp > 0 ? " and " : "")}{(udp > 0 ? udp : null)}{(udp > 0 ? " UDP" : "")} ports");
            yield return $"Asked by packets from {same.Key}{(sources.Length > 0 ? $" ({sources})" : "")} at {addresses}, {ports}: {Outcomes(outcomes)}.";
        }
    }

    private static string Outcomes(ProofOutcome[] outcomes)
    {
        List<string> parts = [];
        Add(outcomes.Count(static one => one == ProofOutcome.Contradicted), "claim of the rules is contradicted", "claims of the rules are contradicted");
        Add(outcomes.Count(static one => one == ProofOutcome.Proved), "claim of the rules holds", "claims of the rules hold");
        Add(outcomes.Count(static one => one == ProofOutcome.Settled), "open question is settled", "open questions are settled");
        Add(outcomes.Count(static one => one == ProofOutcome.StoppedBefore), "is stopped before this host", "are stopped before this host");
        Add(outcomes.Count(static one => one == ProofOutcome.Untold), "could not be told", "could not be told");
        return parts.Count == 0 ? "no listener stands there" : string.Join(", ", parts);

        void Add(int count, string one, string many)
        {
            if (count > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}"));
            }
        }
    }

    private static int Count(OutsideView view, Protocol protocol) => view.Ports.Where(seen => seen.Protocol == protocol).Sum(static seen => seen.Last - seen.First + 1);
}
