using System;
using System.CommandLine;
using Portcullis.Cli.Files;

namespace Portcullis.Cli;

/// <summary><c>portcullis completion SHELL</c>: a script that lets the shell complete commands and options.</summary>
internal static class CompletionCommand
{
    // Each asks the program itself, by the directive of the command-line library: [suggest:POSITION] LINE.
    private const string Bash =
        """
        _portcullis() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(portcullis "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _portcullis portcullis

        """;

    private const string Zsh =
        """
        #compdef portcullis
        _portcullis() {
            local -a found
            found=("${(@f)$(portcullis "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a found
            _files
        }
        compdef _portcullis portcullis

        """;

    private const string Fish =
        """
        complete -c portcullis -a '(portcullis "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'

        """;

    internal static Command Make()
    {
        Argument<string> shell = new("SHELL") { Description = "bash, zsh or fish." };
        shell.CompletionSources.Add("bash", "zsh", "fish");
        Command command = new("completion", "Print a script for the shell's completion.") { shell };
        command.SetAction(result =>
        {
            string script = result.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                string other => throw new InputException($"completion: '{other}' is none of: bash, zsh, fish."),
                null => throw new InvalidOperationException("the parser lets no missing argument through"),
            };
            Output.Write(script, file: null);
            return ExitCode.Clean;
        });
        return command;
    }
}
