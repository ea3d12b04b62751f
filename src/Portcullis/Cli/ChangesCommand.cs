using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;

namespace Portcullis.Cli;

/// <summary><c>portcullis changes</c>: what was changed here, when, by whom, and how it stands.</summary>
internal static class ChangesCommand
{
    internal static Command Make(IMachineSource machines)
    {
        CommonOptions common = new();
        Command command = new("changes", "List what Portcullis has changed here: when, by whom, by which policy, and how it stands.") { common.Output, common.NoColor };
        command.SetAction(result =>
        {
            if (!Environment.IsPrivilegedProcess)
            {
                throw new InputException("changes: only root can read the journal: sudo portcullis changes.");
            }

            IJournal journal = machines.Changes().Journal;
            ImmutableArray<ChangeRecord> changes = journal.Read(out ImmutableArray<Gap> gaps);
            string? file = result.GetValue(common.Output);
            Terminal terminal = file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
            Output.Write(List(changes, gaps, journal.Boot, terminal), file);
            return gaps.IsEmpty ? ExitCode.Clean : ExitCode.Incomplete;
        });
        return command;
    }

    private static string List(ImmutableArray<ChangeRecord> changes, ImmutableArray<Gap> gaps, string boot, Terminal terminal)
    {
        StringBuilder text = new();
        if (changes.IsEmpty)
        {
            text.Append("Nothing has been changed.\n");
        }
        else
        {
            TableLayout table = new([new Column("CHANGE", 0, 28), new Column("WHEN (UTC)", 2, 16), new Column("BY", 0, 4), new Column("POLICY", 1, 10), new Column("STATE", 0, 20)], terminal);
            foreach (ChangeRecord change in changes)
            {
                ChangeState state = ChangeStates.Of(change, boot);
                table.Add(
                    new Cell(change.Id, Style.Strong), new Cell(change.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)), new Cell(change.By), new Cell(change.Policy),
                    new Cell(ChangeStates.Word(state), state is ChangeState.Waiting or ChangeState.Confirming or ChangeState.Reverting ? Style.Notable : Style.Plain));
            }

            table.WriteTo(text);
        }

        GapList.WriteTo(text, gaps, terminal);
        return text.ToString();
    }
}
