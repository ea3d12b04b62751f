using System.CommandLine;
using System.Linq;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Cli.Policies;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Policy;

namespace Portcullis.Cli;

/// <summary><c>portcullis roles [NAME]</c>: the role catalogue.</summary>
internal static class RolesCommand
{
    internal static Command Make()
    {
        CommonOptions common = new();
        Argument<string?> name = new("NAME") { Description = "A role, to see its file.", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(_ => Catalogue.All.Roles.Select(role => new System.CommandLine.Completions.CompletionItem(role.Name)));
        Command command = new("roles", "List the roles a machine can have; with NAME show what that role allows.") { name, common.Output, common.NoColor };
        command.SetAction(result =>
        {
            string? wanted = result.GetValue(name);
            if (wanted is not null && Catalogue.All.Find(wanted) is null)
            {
                throw new InputException($"roles: {PolicyReader.Unknown(wanted, Catalogue.All, [])}.");
            }

            string? file = result.GetValue(common.Output);
            Terminal terminal = file is null or "-" ? Terminal.OfStandardOutput(result.GetValue(common.NoColor)) : new Terminal(Width: null, Color: false, Unicode: true);
            Output.Write(wanted is null ? Encoding.UTF8.GetBytes(List(terminal)) : Catalogue.TextOf(wanted), file);
            return ExitCode.Clean;
        });
        return command;
    }

    private static string List(Terminal terminal)
    {
        TableLayout table = new([new Column("ROLE", 0, 16), new Column("WHAT IT DOES", 0, 24), new Column("SERVICES", 1, 16)], terminal);
        foreach (Role role in Catalogue.All.Roles)
        {
            table.Add(new Cell(role.Name, Style.Strong), new Cell(role.Summary ?? ""), new Cell(string.Join(", ", role.Services.Select(service => service.Optional ? $"({service.Name})" : service.Name)), Style.Faint));
        }

        StringBuilder text = new();
        table.WriteTo(text);
        text.Append('\n');
        Wrap.WriteTo(text, "Services in brackets may be absent. See one whole: portcullis roles NAME; copy it under define: in portcullis.yaml to change it.", terminal.Width, "");
        return text.ToString();
    }
}
