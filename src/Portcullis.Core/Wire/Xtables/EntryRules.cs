using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Wire.Ipset;
using Portcullis.Core.Wire.Nft.Xt;

namespace Portcullis.Core.Wire.Xtables;

/// <summary>Makes the steps of one rule: what it asks for itself, its matches, its target.</summary>
/// <param name="family">The table's family.</param>
/// <param name="chains">The users' chains, by the offset at which their first rule begins.</param>
/// <param name="ipsets">The sets that matches may name; null where they are not known.</param>
internal sealed class EntryRules(TableFamily family, Dictionary<int, string> chains, Ipsets? ipsets)
{
    // Verdicts are the kernel's, negated, less one; -5 is XT_RETURN (linux/netfilter/x_tables.h).
    private const int Drop = -1;
    private const int Accept = -2;
    private const int Return = -5;
    private const int QueueVerdict = 3; // NF_QUEUE; the number of the queue stands in the upper half

    private readonly List<RuleStep> _steps = [];
    private (int At, RuleStep Other)? _alternative;
    private string? _comment;

    /// <summary>The rule; where it holds in either of two cases, as two rules that are never both taken.</summary>
    internal IEnumerable<FirewallRule> Decode(XtEntry entry, int number)
    {
        _steps.Clear();
        _alternative = null;
        _comment = null;
        EntryHeader.Decode(entry.Bytes, family, _steps);
        Matches(entry.Matches);
        Target(entry);
        FirewallRule rule = new() { Number = number, Steps = [.. _steps], Comment = _comment };
        if (_alternative is not (int at, RuleStep other))
        {
            return [rule];
        }

        MatchStep first = (MatchStep)_steps[at];
        ImmutableArray<RuleStep> otherwise = [.. _steps[..at], first with { Negated = !first.Negated }, other, .. _steps[(at + 1)..]];
        return [rule, rule with { Steps = otherwise }];
    }

    private void Matches(ReadOnlySpan<byte> matches)
    {
        while (!matches.IsEmpty)
        {
            int size = matches.Length < XtEntry.ExtensionHeader ? 0 : BitConverter.ToUInt16(matches);
            if (size < XtEntry.ExtensionHeader || size > matches.Length || size % 8 != 0)
            {
                _steps.Add(new OpaqueStep("matches that are malformed"));
                return;
            }

            XtReader match = new(XtEntry.NameOf(matches[2..]), matches[XtEntry.ExtensionHeader - 1], matches[XtEntry.ExtensionHeader..size], family, ipsets);
            if (!XtMatches.Decode(ref match) || (match.Alternative is not null && (_alternative is not null || match.Steps is not [.., MatchStep])))
            {
                _steps.Add(new OpaqueStep(Named("match", match)));
            }
            else
            {
                _comment ??= match.Comment;
                _steps.AddRange(match.Steps);
                _alternative = match.Alternative is RuleStep other ? (_steps.Count - 1, other) : _alternative;
            }

            matches = matches[size..];
        }
    }

    private void Target(XtEntry entry)
    {
        if (entry.Verdict is int verdict)
        {
            if (Of(verdict, entry) is RuleStep step)
            {
                _steps.Add(step);
            }

            return;
        }

        XtReader target = new(entry.TargetName, entry.TargetRevision, entry.Target, family, ipsets);
        if (target.Name.Length > 0 && XtTargets.Decode(ref target))
        {
            _steps.AddRange(target.Steps);
        }
        else
        {
            _steps.Add(new OpaqueStep(Named("target", target)));
        }
    }

    /// <summary>The step for a verdict; null where the rule only counts: it then "jumps" to the next one.</summary>
    private RuleStep? Of(int verdict, XtEntry entry)
    {
        bool isGoto = EntryHeader.IsGoto(entry.Bytes, family);
        return verdict switch
        {
            Drop => new VerdictStep(new RuleVerdict(VerdictKind.Drop)),
            Accept => new VerdictStep(new RuleVerdict(VerdictKind.Accept)),
            Return => new VerdictStep(new RuleVerdict(VerdictKind.Return)),
            < 0 when ((-(long)verdict - 1) & 0xff) == QueueVerdict => new VerdictStep(new RuleVerdict(VerdictKind.Queue)),
            >= 0 when verdict == entry.Next && !isGoto => null,
            >= 0 when chains.TryGetValue(verdict, out string? chain) => new VerdictStep(new RuleVerdict(isGoto ? VerdictKind.Goto : VerdictKind.Jump, chain)),
            _ => new OpaqueStep(string.Create(CultureInfo.InvariantCulture, $"verdict {verdict}")),
        };
    }

    private static string Named(string kind, XtReader of) => string.Create(CultureInfo.InvariantCulture, $"xt {kind} {of.Name} revision {of.Revision}");
}
