using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Xunit;

namespace Portcullis.Tests.Police;

/// <summary>
/// A checkout with the real launcher and a false .NET: its "dotnet publish" takes milliseconds, leaves a line in a file for each
/// build, and makes a program that prints its arguments and ends with 7. The folder's name has a space and a quote.
/// </summary>
internal sealed class FakeCheckout : IDisposable
{
    private const string Dotnet = """
        #!/bin/sh
        [ "$1" = --version ] && { echo 10.0.100; exit; }
        while [ $# -gt 0 ]; do [ "$1" = --output ] && out=$2; shift; done
        mkdir -p "$out"
        echo build >>"$FAKE_BUILDS"
        [ -z "${FAKE_SLOW-}" ] || sleep "$FAKE_SLOW"
        [ -z "${FAKE_ERROR-}" ] || { echo "$FAKE_ERROR"; exit 1; }
        printf '#!/bin/sh\nprintf "%%s|" "$@"; exit 7\n' >"$out/portcullis"
        chmod +x "$out/portcullis"
        """;

    private readonly string _dotnet;

    internal FakeCheckout()
    {
        Home = Directory.CreateTempSubdirectory("portcullis launcher's ").FullName;
        _dotnet = Path.Combine(Home, "dotnet");
        Root = Path.Combine(Home, "a checkout");
        Directory.CreateDirectory(Path.Combine(Root, "src/Portcullis"));
        Directory.CreateDirectory(Path.Combine(_dotnet, "sdk/10.0.100"));
        Directory.CreateDirectory(Path.Combine(_dotnet, "shared/Microsoft.NETCore.App/10.0.0"));
        Script(Path.Combine(_dotnet, "dotnet"), Dotnet);
        Script(Launcher, Repository.Read("portcullis"));
        Write("global.json", "{}");
        Write("src/Portcullis/Program.cs", "first");
        Write("src/Portcullis/Second.cs", "second");
    }

    /// <summary>A folder of the test's own, outside the checkout.</summary>
    internal string Home { get; }

    internal string Root { get; }

    internal string Launcher => Path.Combine(Root, "portcullis");

    /// <summary>How often the false compiler was started.</summary>
    internal int Builds => File.Exists(Log) ? File.ReadAllLines(Log).Length : 0;

    private string Log => Path.Combine(Home, "builds");

    public void Dispose() => Directory.Delete(Home, recursive: true);

    internal void Write(string path, string text) => File.WriteAllText(Path.Combine(Root, path), text);

    internal void Delete(string path) => File.Delete(Path.Combine(Root, path));

    /// <summary>Is something left in the build folder that should have been cleaned away?</summary>
    internal IEnumerable<string> Leftovers() =>
        Directory.EnumerateFileSystemEntries(Path.Combine(Root, ".build")).Select(Path.GetFileName).OfType<string>()
            .Where(static name => name.StartsWith("new.", StringComparison.Ordinal) || name.StartsWith("stamp.", StringComparison.Ordinal) || name.StartsWith("probe.", StringComparison.Ordinal));

    internal Process Start(string launcher, string folder, (string Name, string Value)? setting, params string[] arguments)
    {
        ProcessStartInfo start = new(launcher, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = _dotnet;
        start.Environment["FAKE_BUILDS"] = Log;
        start.Environment.Remove("HOME");
        if (setting is { } one)
        {
            start.Environment[one.Name] = one.Value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs the launcher from another folder.</summary>
    internal Outcome Run(params string[] arguments) => Wait(Start(Launcher, "/", null, arguments));

    internal Outcome RunWith(string name, string value) => Wait(Start(Launcher, "/", (name, value)));

    /// <summary>Interrupts the launcher, as Ctrl-C does. The shell's own kill, because small systems have no other.</summary>
    internal void Interrupt(Process process) =>
        Assert.Equal(0, Wait(Start("/bin/sh", "/", null, "-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {process.Id}"))).Code);

    internal static Outcome Wait(Process process)
    {
        using (process)
        {
            // Both are a line or two, far less than a pipe holds.
            string output = process.StandardOutput.ReadToEnd();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return new Outcome(process.ExitCode, output, error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    internal sealed record Outcome(int Code, string Output, string[] Errors);
}
