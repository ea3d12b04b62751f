using System;
using System.IO;
using Portcullis.Core.Edges;
using Portcullis.Core.Planning;
using Portcullis.Os.Linux.Rules.Given;

namespace Portcullis.Os.Linux.Changes;

/// <summary>Portcullis's own table, by nft(8): its scripts are one transaction each.</summary>
internal sealed class NftTable : IOwnTable
{
    /// <inheritdoc/>
    public string? Listing(bool withCounts)
    {
        (int code, string output, string error) = Ask(withCounts ? ["list", "table", "inet", OwnTable.Name] : ["-s", "list", "table", "inet", OwnTable.Name], "");
        return code == 0 ? output
            : error.Contains("No such file or directory", StringComparison.Ordinal) ? null // ENOENT: there is no such table
            : throw new ChangeException($"the table inet {OwnTable.Name} cannot be listed: {FirstLine(error)}");
    }

    /// <inheritdoc/>
    public void Check(string script) => Give(["-c", "-f", "-"], script);

    /// <inheritdoc/>
    public void Load(string script) => Give(["-f", "-"], script);

    private static void Give(string[] arguments, string script)
    {
        (int code, _, string error) = Ask(arguments, script);
        if (code != 0)
        {
            throw new ChangeException($"nft does not load the rules: {FirstLine(error)}");
        }
    }

    /// <summary>Where nft is.</summary>
    /// <exception cref="ChangeException">It is nowhere.</exception>
    internal static string Program() => LoadingTool.Find("nft") ?? throw new ChangeException("nft is not installed here: install the package nftables");

    private static (int Code, string Output, string Error) Ask(string[] arguments, string input)
    {
        ToolRun run = LoadingTool.Run(Program(), arguments, input, "/", network: null);
        return run.Failure is string failure ? throw new ChangeException(failure) : (run.Status, run.Output, run.Said);
    }

    private static string FirstLine(string text)
    {
        using StringReader reader = new(text);
        return reader.ReadLine() is { Length: > 0 } line ? line : "it does not say why";
    }
}
