using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Changes;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Changes;

/// <summary>
/// A folder a change: what it is (change), what happened to it (journal), the scripts that make it and take it back, and the link
/// that decides what becomes of it, which only one can make.
/// </summary>
/// <param name="state">Where they are.</param>
internal sealed class FileJournal(StateFolder state) : IJournal
{
    private const string Changes = "changes";
    private const string DecisionName = "decided";
    private const int LargestFile = 1 << 24;

    private readonly long _madeAt = TimeProvider.System.GetTimestamp();

    /// <inheritdoc/>
    public string Boot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <inheritdoc/>
    public string Network { get; } = new LiveSource().Link("/proc/thread-self/ns/net").Text ?? "";

    /// <inheritdoc/>
    public TimeSpan Uptime
    {
        get
        {
            // In a container /proc/uptime may be the container's own (lxcfs), while the starts of processes are counted from the machine's.
            TimeSpan own = ProcStat.TryParse(File.ReadAllText("/proc/self/stat"), out ProcStat stat) ? TimeSpan.FromSeconds((double)stat.StartTicks / ProcStat.TicksPerSecond) : TimeSpan.Zero;
            TimeSpan told = TimeSpan.FromSeconds(double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture));
            return own + TimeProvider.System.GetElapsedTime(_madeAt) is TimeSpan counted && counted > told ? counted : told;
        }
    }

    /// <summary>Where a change is kept.</summary>
    internal string FolderOf(string change) => state[Path.Combine(Changes, change)];

    /// <inheritdoc/>
    public IDisposable Lock()
    {
        state.Make(Changes);
        string file = state["lock"];
        return TryLock(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, out string? why)
            ?? TryLock(file, FileMode.Open, FileAccess.Read, out _) // a disk that takes nothing any more must not keep anybody from taking back
            ?? throw new ChangeException($"{file}: {why}");
    }

    private static FileStream? TryLock(string file, FileMode mode, FileAccess access, out string? why)
    {
        why = null;
        try
        {
            return new FileStream(file, mode, access, FileShare.None); // flock(2): gone with the process
        }
        catch (IOException refused) when (refused.HResult == Errno.EAGAIN)
        {
            throw new ChangeException("another portcullis is changing this machine at this moment: wait until it is done");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            why = refused.Message;
            return null;
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<ChangeRecord> Read(out ImmutableArray<Gap> gaps)
    {
        List<ChangeRecord> changes = [];
        List<Gap> missing = [];
        StateFolder.Telling(state[Changes], () =>
        {
            string[] folders = Directory.Exists(state[Changes]) ? Directory.GetDirectories(state[Changes]) : [];
            foreach (string folder in folders.Order(StringComparer.Ordinal))
            {
                string file = Path.Combine(folder, "change");
                if (!File.Exists(file))
                {
                    continue; // it was not even begun
                }

                ChangeRecord? one = JournalText.Read(Bytes(file), Bytes(Path.Combine(folder, "journal")), out string? error);
                if (error is not null)
                {
                    missing.Add(new Gap($"the change in {folder}", error, null));
                }

                if (one is not null)
                {
                    changes.Add(one with { Id = Path.GetFileName(folder), Outcome = DecisionOf(folder) });
                }
            }
        });
        gaps = [.. missing];
        return [.. changes];
    }

    /// <inheritdoc/>
    public void Begin(ChangeRecord change, string making, string before)
    {
        string folder = Path.Combine(Changes, change.Id);
        if (Directory.Exists(state[folder]))
        {
            throw new ChangeException($"{state[folder]} is there already: wait a second");
        }

        state.Make(folder);
        state.Write(Path.Combine(folder, "making.nft"), Encoding.UTF8.GetBytes(making));
        state.Write(Path.Combine(folder, "before.nft"), Encoding.UTF8.GetBytes(before));
        state.Write(Path.Combine(folder, "journal"), change.Events.SelectMany(JournalText.Line).ToArray());
        state.Write(Path.Combine(folder, "change"), JournalText.Line(change)); // the last: with it the change is there
    }

    /// <inheritdoc/>
    public void Add(string change, ChangeEvent what) => state.Append(Path.Combine(Changes, change, "journal"), JournalText.Line(what));

    /// <inheritdoc/>
    public bool TryDecide(string change, ChangeOutcome outcome)
    {
        string link = Path.Combine(FolderOf(change), DecisionName);
        try
        {
            File.CreateSymbolicLink(link, Word(outcome)); // symlink(2) fails where it is there: the first one wins
            StateFolder.Sync(FolderOf(change));
            return true;
        }
        catch (IOException) when (new FileInfo(link).LinkTarget is not null)
        {
            return false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ChangeException($"{link}: {refused.Message}");
        }
    }

    /// <inheritdoc/>
    public string Making(string change) => Script(change, "making.nft");

    /// <inheritdoc/>
    public string Before(string change) => Script(change, "before.nft");

    /// <inheritdoc/>
    public void KeepMade(string change, string listing) => state.Write(Path.Combine(Changes, change, "made.nft"), Encoding.UTF8.GetBytes(listing));

    /// <inheritdoc/>
    public string? Made(string change)
    {
        string file = Path.Combine(FolderOf(change), "made.nft");
        return File.Exists(file) ? File.ReadAllText(file) : null;
    }

    /// <summary>The word that stands in the decision; the reverter writes it too.</summary>
    internal static string Word(ChangeOutcome outcome) => outcome == ChangeOutcome.Confirmed ? "confirmed" : "reverted";

    private static ChangeOutcome? DecisionOf(string folder) => new FileInfo(Path.Combine(folder, DecisionName)).LinkTarget switch
    {
        "confirmed" => ChangeOutcome.Confirmed,
        null => null,
        _ => ChangeOutcome.Reverted,
    };

    private static byte[] Bytes(string file)
    {
        FileInfo info = new(file);
        return !info.Exists ? [] : info.Length <= LargestFile ? File.ReadAllBytes(file) : throw new IOException($"{file} is larger than anything that Portcullis writes");
    }

    private string Script(string change, string name)
    {
        string file = Path.Combine(FolderOf(change), name);
        string text = "";
        StateFolder.Telling(file, () => text = File.ReadAllText(file));
        return text;
    }
}
