using System;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Tells a program that runs others' scripts, and which script.</summary>
public static class Interpreter
{
    private static readonly string[] Names = ["python", "perl", "ruby", "node", "nodejs", "java", "php", "lua", "bash", "dash", "sh", "tclsh", "mono", "dotnet"];

    /// <summary>Whether the executable is an interpreter, by its name without version ("python3.11").</summary>
    public static bool Is(string? executable)
    {
        if (executable is null)
        {
            return false;
        }

        string name = executable[(executable.LastIndexOf('/') + 1)..].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        return Names.Contains(name, StringComparer.Ordinal);
    }

    /// <summary>The first argument that names a file by an absolute path; null where there is none, or the process is no interpreter.</summary>
    public static string? ScriptOf(ProcessFacts process)
    {
        if (!Is(process.Executable))
        {
            return null;
        }

        // What follows -c, -e or -m is a program or a module, and no argument behind it is the script.
        foreach (string argument in process.CommandLine.Skip(1))
        {
            if (argument is "-c" or "-e" or "-m")
            {
                return null;
            }

            if (argument.StartsWith('/'))
            {
                return argument;
            }

            if (!argument.StartsWith('-'))
            {
                return null;
            }
        }

        return null;
    }
}
