using System;
using System.Globalization;
using System.IO;
using System.Text;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Rules.Given;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Changes;

/// <summary>
/// Takes a change back by a small script of the shell and nft alone, so that it needs nothing of Portcullis: a timer of systemd starts it,
/// or, where no systemd rules this network namespace, a process of a session of its own that sleeps until then. Both count by the
/// monotonic clock (systemd.timer(5), OnActiveSec=; nanosleep(2)), so that a change of the date does not move them.
/// </summary>
/// <param name="journal">Where changes are kept.</param>
/// <param name="state">The same.</param>
internal sealed class Reverter(FileJournal journal, StateFolder state) : IReverter
{
    /// <inheritdoc/>
    public string Arm(string change, TimeSpan after)
    {
        string script = Path.Combine(journal.FolderOf(change), "revert");
        state.Write(Path.Combine("changes", change, "revert"), Encoding.UTF8.GetBytes(Text(change)));
        string seconds = after.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        string shell = LoadingTool.Find("sh") ?? throw new ChangeException("there is no shell here that could take it back in time");
        if (IsOfSystemd() && LoadingTool.Find("systemd-run") is string run)
        {
            ToolRun answer = Start(run, ["--quiet", "--collect", $"--unit={UnitOf(change)}", $"--on-active={seconds}", "--timer-property=AccuracySec=100ms", $"--description=Portcullis takes {change} back", shell, script]);
            return answer.Failure is null && answer.Status == 0 ? $"{UnitOf(change)}.timer of systemd" : throw new ChangeException($"the revert cannot be armed: {answer.Failure ?? answer.Said.Trim()}");
        }

        string setsid = LoadingTool.Find("setsid") ?? throw new ChangeException("the revert cannot be armed: setsid is not installed here (package util-linux)");
        ToolRun started = Start(setsid, ["--fork", shell, "-c", "exec </dev/null >/dev/null 2>&1; sleep \"$1\"; exec \"$2\" \"$3\"", "portcullis-revert", seconds, shell, script]);
        return started.Failure is null && started.Status == 0 ? "a process of its own" : throw new ChangeException($"the revert cannot be armed: {started.Failure ?? started.Said.Trim()}");
    }

    /// <inheritdoc/>
    public void Disarm(string change)
    {
        if (IsOfSystemd() && LoadingTool.Find("systemctl") is string systemctl)
        {
            _ = Start(systemctl, ["stop", UnitOf(change) + ".timer"]); // one that has run is gone already
        }

        // A sleeping process wakes up, finds the change decided, and ends.
    }

    /// <summary>Whether systemd runs, and sees the network that we see: what it starts would else change another's rules.</summary>
    private static bool IsOfSystemd()
    {
        LiveSource source = new();
        return Directory.Exists("/run/systemd/system") && source.Link("/proc/1/ns/net").Text is string first && first == source.Link("/proc/thread-self/ns/net").Text;
    }

    private static ToolRun Start(string program, string[] arguments) => LoadingTool.Run(program, arguments, "", "/", network: null);

    private static string UnitOf(string change) => $"portcullis-revert-{change}";

    private static string Text(string change) =>
        $"""
        #!/bin/sh
        # Written by Portcullis. Takes the change {change} back, unless it was decided otherwise: only one can make the link.
        # Nothing that a full or read-only disk refuses keeps it from that.
        cd "$(dirname "$0")" || exit 1
        if command -v flock >/dev/null && (: >>../../lock) 2>/dev/null; then
          exec 9>>../../lock
          flock -w 30 9
        fi
        ln -s {FileJournal.Word(ChangeOutcome.Reverted)} decided 2>/dev/null
        [ "$(readlink decided)" != {FileJournal.Word(ChangeOutcome.Confirmed)} ] || exit 0
        ! grep -q '"event":"reverted"' journal || exit 0
        tries=0
        until {NftTable.Program()} -f before.nft; do
          tries=$((tries + 1))
          [ "$tries" -lt 30 ] || exit 1
          sleep 1
        done
        printf '{"{"}"at":"%s","event":"reverted","note":"it was not confirmed in time"{"}"}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >>journal
        sync

        """;
}
