using System.CommandLine;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli;

/// <summary>The options by which an audit has its claims proved by packets.</summary>
internal sealed class ProveOptions
{
    internal Option<bool> Prove { get; } = new("--prove") { Description = "Prove by packets who reaches what: has every TCP port of this machine asked from elsewhere." };

    internal Option<string?> From { get; } = new("--from")
    {
        Description = "From where: HOST or USER@HOST, by ssh (Portcullis must be there too), or netns:NAME for a network namespace of this machine.",
        HelpName = "PEER",
    };

    internal Option<string[]> At { get; } = new("--at")
    {
        Description = "The address of this machine to ask, as it is seen from there; may be given again.",
        HelpName = "ADDRESS",
        DefaultValueFactory = static _ => [],
    };

    internal Option<string> PeerProgram { get; } = new("--peer-program")
    {
        Description = "How Portcullis is called there, such as 'sudo -n portcullis'.",
        HelpName = "COMMAND",
        DefaultValueFactory = static _ => "portcullis",
    };

    /// <summary>What is to be proved; null for nothing.</summary>
    /// <exception cref="InputException">The options do not fit each other.</exception>
    internal ProveRequest? RequestOf(ParseResult result, CommonOptions common)
    {
        string[] addresses = result.GetValue(At) ?? [];
        string? from = result.GetValue(From);
        if (!result.GetValue(Prove))
        {
            return from is null && addresses.Length == 0 ? null : throw new InputException("--from and --at go with --prove: add it.");
        }

        if (result.GetValue(common.Snapshot) is not null || result.GetValue(common.Replay) is not null)
        {
            throw new InputException("--prove needs the running machine: leave --snapshot and --replay out.");
        }

        return from is null ? throw new InputException("--prove needs to know from where this machine is to be asked: --from USER@HOST, or --from netns:NAME.")
            : new ProveRequest(from, result.GetValue(PeerProgram)!, [.. addresses.Select(AddressOf)]);
    }

    private static IpAddress AddressOf(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new InputException($"--at: '{text}' is no address; write one like 203.0.113.7 or 2001:db8::7.");
}
