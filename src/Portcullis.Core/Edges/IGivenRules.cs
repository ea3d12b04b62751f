using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Edges;

/// <summary>Understands rulesets that are not in force here: those of another machine, or not in force anywhere yet.</summary>
public interface IGivenRules
{
    /// <summary>Reads one. The rules in force are neither asked nor touched.</summary>
    /// <param name="scripts">The ruleset, part by part.</param>
    /// <param name="name">How errors speak of the file that it came from.</param>
    /// <param name="folder">The folder in which relative paths in it begin.</param>
    /// <param name="interfaces">The interfaces that it may name.</param>
    GivenRules Read(ImmutableArray<RulesetScript> scripts, string name, string folder, ImmutableArray<NetworkInterface> interfaces);
}

/// <summary>A ruleset that was understood, or why it was not.</summary>
/// <param name="Ruleset">The rules; null where they could not be read.</param>
/// <param name="Refusal">For the user, in one line: what is wrong with the ruleset, or what is missing here; null for nothing.</param>
/// <param name="Nameless">The interfaces that rules can't name by index, because none could be made with theirs.</param>
public sealed record GivenRules(Ruleset? Ruleset, string? Refusal, ImmutableArray<string> Nameless);
