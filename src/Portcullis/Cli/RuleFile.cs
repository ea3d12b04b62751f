using System;
using System.Collections.Immutable;
using System.IO;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Operations;
using Portcullis.Core.Text.Rulesets;

namespace Portcullis.Cli;

/// <summary>Reads the rules that a user names: those in force, or those of a file.</summary>
/// <param name="machines">Reads files of rules.</param>
/// <param name="snapshot">The host's facts.</param>
/// <param name="facts">The file that the facts come from; null for the running machine.</param>
internal sealed class RuleFile(IMachineSource machines, Snapshot snapshot, string? facts)
{
    /// <summary>The name of the rules in force.</summary>
    internal const string Live = "live";

    private const int LargestRuleset = 1 << 26;

    /// <summary>The rules of a file, or those in force.</summary>
    /// <exception cref="InputException">They can't be read.</exception>
    internal RulesInQuestion Of(string file)
    {
        if (file == Live)
        {
            return RulesInQuestion.InForce(snapshot);
        }

        string name = InputFile.NameOf(file);
        ImmutableArray<RulesetScript> scripts = RulesetScripts.Of(Encoding.UTF8.GetString(InputFile.Read(file, LargestRuleset, "which no ruleset is")), out string? error);
        if (error is not null)
        {
            throw new InputException($"{name}: {error}.");
        }

        GivenRules rules;
        using (Progress.Say("loading the ruleset"))
        {
            rules = machines.GivenRules.Read(scripts, name, file == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/", RulesInQuestion.InterfacesOf(snapshot));
        }

        if (rules.Ruleset is null)
        {
            throw new InputException(rules.Refusal ?? $"{name}: could not be read");
        }

        Output.Complain($"{name} is judged with the addresses, interfaces and routes of {(facts is null ? "this machine" : snapshot.Host.Name)}.");
        return RulesInQuestion.Given(snapshot, rules, scripts);
    }
}
