using System.CommandLine;
using Portcullis.Cli.Files;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Text.Snapshots;

namespace Portcullis.Cli;

/// <summary>Gets a command its snapshot: from this machine, from a file, or from recorded answers.</summary>
internal static class FactSource
{
    private const int LargestFile = 1 << 28;

    /// <summary>Gets it by the options given.</summary>
    /// <param name="machines">The machines.</param>
    /// <param name="common">The options.</param>
    /// <param name="result">What was given.</param>
    /// <param name="withPackages">Whether the packages are wanted of the running machine.</param>
    /// <exception cref="InputException">The file cannot be read, or is no snapshot.</exception>
    internal static Snapshot Take(IMachineSource machines, CommonOptions common, ParseResult result, bool withPackages = true)
    {
        string? file = result.GetValue(common.Snapshot);
        string? replay = result.GetValue(common.Replay);
        if (file is not null && replay is not null)
        {
            throw new InputException("--snapshot and --replay exclude each other: give one of them.");
        }

        bool hash = result.GetValue(common.Hash);
        if (file is not null || replay is not null)
        {
            if (hash)
            {
                throw new InputException("--hash needs the running machine: leave it out, or take the snapshot with it.");
            }

            Snapshot read = Read(file ?? replay!);
            return replay is null ? read : Again(machines, read, replay);
        }

        using Progress progress = Progress.Say("reading sockets and processes");
        return new Inspect(machines.Live(record: false).Machine).Run(machines.Now, hash, withPackages);
    }

    /// <summary>Reads a snapshot file.</summary>
    private static Snapshot Read(string file)
    {
        string name = InputFile.NameOf(file);
        return SnapshotJson.TryRead(InputFile.Read(file, LargestFile, "which no snapshot is"), out Snapshot? snapshot, out string? error)
            ? snapshot!
            : throw new InputException($"{name}: not a snapshot: {error}. Take one with: portcullis inspect");
    }

    private static Snapshot Again(IMachineSource machines, Snapshot snapshot, string file) =>
        snapshot.Raw is { } answers
            ? new Inspect(machines.Replay(answers)).Run(snapshot.TakenAt, hash: false)
            : throw new InputException($"{file}: holds no raw answers to decode again. Take them with: portcullis inspect --raw");
}
