using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Scans;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Peers;

/// <summary>Another machine, which ssh(1) reaches with the user's own keys and settings. Portcullis scans from there, and answers in JSON.</summary>
internal sealed class SshPeer : IPeer
{
    private const int MostAnswered = 1 << 24;
    private const int MostSaid = 1 << 12;
    private const string NotFound = "127"; // what a shell says of a command that is not there (POSIX, 2.8.2)

    private readonly string _program;

    private SshPeer(string name, string program)
    {
        Name = name;
        _program = program;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsHere => false;

    /// <inheritdoc/>
    public IpAddress? SeenAs { get; private init; }

    /// <summary>Opens the way there, and asks how that machine sees this one.</summary>
    /// <exception cref="ProbeException">There is none.</exception>
    internal static SshPeer Open(string name, string program)
    {
        if (name.Length == 0 || name[0] == '-' || name.Any(static letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))
        {
            throw new ProbeException($"'{name}' is nowhere that ssh could connect to: write HOST or USER@HOST");
        }

        // "CLIENT PORT SERVER PORT": the first is this machine as it is seen there (ssh(1), "ENVIRONMENT").
        string said = Encoding.UTF8.GetString(Run(name, "echo \"$SSH_CONNECTION\"; command -v " + FirstWord(program) + " >/dev/null 2>&1 || echo " + NotFound, CancellationToken.None));
        string[] lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Contains(NotFound))
        {
            throw new ProbeException($"{name} has no {FirstWord(program)}: install Portcullis there, or say how it is called: --peer-program COMMAND");
        }

        return new SshPeer(name, program) { SeenAs = lines.Select(static line => line.Split(' ')).Where(static words => words.Length == 4).Select(static words => IpAddress.TryParse(words[0], out IpAddress seen) ? seen.Unmapped() : (IpAddress?)null).FirstOrDefault() };
    }

    /// <inheritdoc/>
    public ScanReport Scan(IpAddress address, ImmutableArray<ushort> tcp, ImmutableArray<ushort> udp, CancellationToken cancellation)
    {
        string ports = string.Join(',', Ranges(tcp).Concat(Ranges(udp).Select(static range => range + "/udp")));
        byte[] answer = Run(Name, $"{_program} scan {address} -p {ports} --json --i-own-this", cancellation);
        return ScanAnswer.TryRead(answer, address, tcp, udp, out ScanReport? report, out string? error) ? report!
            : throw new ProbeException($"what Portcullis answers on {Name} cannot be used: {error}");
    }

    private static string FirstWord(string program) => "'" + program.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("").Replace("'", "", StringComparison.Ordinal) + "'";

    private static IEnumerable<string> Ranges(ImmutableArray<ushort> ports)
    {
        for (int first = 0, next; first < ports.Length; first = next)
        {
            for (next = first + 1; next < ports.Length && ports[next] == ports[next - 1] + 1; next++)
            {
            }

            yield return string.Create(CultureInfo.InvariantCulture, $"{ports[first]}{(next - first == 1 ? "" : "-")}{(next - first == 1 ? null : ports[next - 1])}");
        }
    }

    /// <summary>Runs a command there; its output.</summary>
    private static byte[] Run(string name, string command, CancellationToken cancellation)
    {
        // Standard error is the user's terminal: ssh may have to ask for a password, or about a host's key.
        ProcessStartInfo info = new("ssh", ["-T", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=15", "--", name, command]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = new() { StartInfo = info };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new ProbeException($"ssh cannot be started: {Errno.Text(error.NativeErrorCode)}");
        }

        try
        {
            process.StandardInput.Close();
            Task<byte[]> complaint = Beginning.Of(process.StandardError.BaseStream, MostSaid, cancellation);
            byte[] answer = Beginning.Of(process.StandardOutput.BaseStream, MostAnswered, cancellation).GetAwaiter().GetResult();
            process.WaitForExitAsync(cancellation).GetAwaiter().GetResult();

            // 1 and 3 are answers too: something open that was not expected, or something not seen.
            return process.ExitCode is 0 or 1 or 3 && answer.Length < MostAnswered ? answer
                : throw new ProbeException($"ssh {name}: {LastLine(complaint.GetAwaiter().GetResult(), process.ExitCode)}");
        }
        catch (OperationCanceledException)
        {
            throw new ProbeException("it was interrupted");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>What a program complained of last, without anything that could move a terminal's cursor.</summary>
    private static string LastLine(byte[] said, int code)
    {
        string? line = Encoding.UTF8.GetString(said).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return line is null ? string.Create(CultureInfo.InvariantCulture, $"it ended with {code}") : string.Concat(line.Where(static letter => !char.IsControl(letter)));
    }
}
