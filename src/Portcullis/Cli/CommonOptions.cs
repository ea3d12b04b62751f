using System;
using System.CommandLine;
using System.Linq;
using Portcullis.Cli.Policies;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary>The options that several commands share.</summary>
internal sealed class CommonOptions
{
    internal Option<string?> Output { get; } = new("--output", "-o") { Description = "Write to FILE instead of standard output (- for that).", HelpName = "FILE" };

    internal Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Show everything, a row for each listener." };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Print nothing; the exit code tells." };

    internal Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours (also by NO_COLOR, and whenever the output is no terminal)." };

    internal Option<bool> Json { get; } = new("--json") { Description = "Short for --format json." };

    internal Option<string> Format { get; } = Choice("--format", "How to print it: table, json, sarif, csv, html or markdown.", "table", "table", "json", "sarif", "csv", "html", "markdown");

    internal Option<string> FailOn { get; } = Choice(
        "--fail-on", "The least severity of a finding that makes the exit code 1: none, info, low, medium, high or critical.", "low",
        "none", "info", "low", "medium", "high", "critical");

    internal Option<string?> Snapshot { get; } = new("--snapshot")
    {
        Description = "Use the facts in FILE, taken by 'portcullis inspect' (- for standard input).",
        HelpName = "FILE",
    };

    internal Option<string?> Replay { get; } = new("--replay")
    {
        Description = "Decode the raw answers in FILE again, taken by 'portcullis inspect --raw'.",
        HelpName = "FILE",
    };

    internal Option<string?> Policy { get; } = new("--policy")
    {
        Description = "Judge by the policy in FILE (else portcullis.yaml here, then /etc/portcullis/portcullis.yaml).",
        HelpName = "FILE",
    };

    internal Option<string[]> Role { get; } = new("--role")
    {
        Description = "Judge by this role instead of a policy file; may be given again ('portcullis roles' lists them).",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    internal Option<bool> Hash { get; } = new("--hash") { Description = "Add the SHA-256 of every holder's executable, as it runs." };

    /// <summary>The policy to judge by; null for none.</summary>
    /// <exception cref="Files.InputException">It cannot be read or used.</exception>
    internal HostPolicy? PolicyOf(ParseResult result) => PolicyChoice.Read(result.GetValue(Policy), result.GetValue(Role) ?? []);

    /// <summary>The threshold; null for "none".</summary>
    internal Severity? Threshold(ParseResult result) =>
        Enum.TryParse(result.GetValue(FailOn), ignoreCase: true, out Severity severity) ? severity : null;

    private static Option<string> Choice(string name, string description, string usual, params string[] choices)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = string.Join('|', choices) };
        option.CompletionSources.Add(choices);
        option.Validators.Add(result =>
        {
            string given = result.Tokens.Count == 0 ? usual : result.Tokens[0].Value;
            if (!choices.Contains(given, StringComparer.Ordinal))
            {
                result.AddError($"{name}: '{given}' is none of: {string.Join(", ", choices)}.");
            }
        });
        return option;
    }
}
