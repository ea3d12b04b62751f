using System.CommandLine;
using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;

namespace Portcullis.Cli;

/// <summary>The options by which an audit has its claims proved by packets.</summary>
internal sealed class ProveOptions
{
    internal Option<bool> Prove { get; } = new("--prove") { Description = "Prove by packets who reaches what: in a twin of this machine, a network namespace with the same interfaces and rules; or from elsewhere (--from)." };

    internal Option<string?> From { get; } = new("--from")
    {
        Description = "Have every TCP port of this machine asked from there: HOST or USER@HOST, by ssh (Portcullis must be there too), or netns:NAME for a network namespace of this machine.",
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

    /// <summary>Whether something is to be proved, and from where.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="common">The options that exclude it.</param>
    /// <param name="request">From where; null for a twin of this machine, in which every zone is played.</param>
    /// <exception cref="InputException">The options do not fit each other.</exception>
    internal bool IsWanted(ParseResult result, CommonOptions common, out ProveRequest? request)
    {
        request = null;
        string[] addresses = result.GetValue(At) ?? [];
        string? from = result.GetValue(From);
        if (!result.GetValue(Prove))
        {
            return from is null && addresses.Length == 0 ? false : throw new InputException("--from and --at go with --prove: add it.");
        }

        if (result.GetValue(common.Snapshot) is not null || result.GetValue(common.Replay) is not null)
        {
            throw new InputException("--prove needs the running machine: leave --snapshot and --replay out.");
        }

        if (from is null && addresses.Length > 0)
        {
            throw new InputException("--at goes with --from: say from where that address is to be asked.");
        }

        request = from is null ? null : new ProveRequest(from, result.GetValue(PeerProgram)!, [.. addresses.Select(AddressOf)]);
        return true;
    }

    private static IpAddress AddressOf(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new InputException($"--at: '{text}' is no address; write one like 203.0.113.7 or 2001:db8::7.");
}
