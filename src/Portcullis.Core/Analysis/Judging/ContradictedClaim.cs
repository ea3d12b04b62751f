using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Listeners of which packets from elsewhere find something else than the firewall's rules say.</summary>
internal sealed class ContradictedClaim : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Listener listener in judgement.Listeners)
        {
            ImmutableArray<Proof> wrong = [.. listener.Proofs.Where(static proof => proof.Outcome == ProofOutcome.Contradicted)];
            if (!wrong.IsEmpty)
            {
                yield return FindingOf(listener, wrong);
            }
        }
    }

    private static Finding FindingOf(Listener listener, ImmutableArray<Proof> wrong)
    {
        string port = Wording.Port(listener);
        bool isOpen = wrong.Any(static proof => proof.Seen == PortState.Open);
        return new Finding
        {
            Id = "PC7001",
            Severity = Severity.High,
            Title = isOpen
                ? $"{port} answers {wrong.First(static proof => proof.Seen == PortState.Open).From}, and by the firewall's rules it should not"
                : $"{port} does not answer {wrong[0].From}, and by the firewall's rules it should",
            Subject = listener.Key,
            Evidence = [Wording.Binding(listener), .. wrong.Select(Sentence).Distinct(StringComparer.Ordinal)],
            Remedy = isOpen
                ? $"find out what lets the packets in past the rules ({Walk(wrong[0], port)}), and until then stop the service or bind it to 127.0.0.1"
                : $"see where the packets end: by the rules ({Walk(wrong[0], port)}), by what decides beside them (sudo ip xfrm policy, sudo bpftool net, sudo tc filter), packet by packet (sudo nft monitor trace)",
        };
    }

    private static string Walk(Proof proof, string port) => $"portcullis reach --from {proof.Source} {port} --explain";

    private static string Sentence(Proof proof)
    {
        string from = proof.Source is IpAddress source && source.ToString() != proof.From ? $"{proof.From} ({source})" : proof.From;
        string claim = proof.Claimed == ReachVerdict.Blocked ? "the rules keep it out" : "the rules let it in";
        return $"{from} asked {proof.Address}: {Word(proof.Seen)}; {claim}{(proof.By is string rule ? $" ({rule})" : "")}";
    }

    private static string Word(PortState state) => state switch
    {
        PortState.Open => "it answers",
        PortState.Closed => "it refuses, as if nothing listened",
        PortState.Rejected => "it is rejected",
        _ => "silence, and the packets did come in to this host",
    };
}
