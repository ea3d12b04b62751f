using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Portcullis.KernelTests.Sockets;
using Xunit;

namespace Portcullis.KernelTests.Files;

/// <summary>A disk that is full, and a process that is killed in the middle: neither costs what was there before.</summary>
[Collection(nameof(Alone))] // its processes have, until they begin, every descriptor of the tests beside them
public sealed class FullDiskTests : IDisposable
{
    private readonly string _disk = Directory.CreateTempSubdirectory("portcullis-disk").FullName;

    public FullDiskTests() => Shell($"mount -t tmpfs -o size=64k tmpfs '{_disk}'");

    public void Dispose()
    {
        Shell($"umount '{_disk}'");
        Directory.Delete(_disk);
    }

    [Fact]
    public void Policy_on_a_full_disk_stays_as_it_was()
    {
        string policy = Path.Combine(_disk, "portcullis.yaml");
        File.WriteAllText(policy, "roles: [web-server] # ours\n");
        Fill();

        (int code, string error) = Portcullis("accept", "tcp/any/ipv4/8080/app.service", "--reason", "ours", "--policy", policy);

        Assert.Equal(2, code);
        Assert.Contains("can't be changed: No space left on device", error, StringComparison.Ordinal);
        Assert.Equal("roles: [web-server] # ours\n", File.ReadAllText(policy));
        Assert.Equal(["fill", "portcullis.yaml"], Directory.GetFiles(_disk).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Older_answer_on_a_full_disk_stays_as_it_was()
    {
        string answer = Path.Combine(_disk, "answer");
        File.WriteAllText(answer, "older");
        Fill();

        (int code, string error) = Portcullis("roles", "web-server", "--output", answer);

        Assert.Equal(2, code);
        Assert.Contains("can't be written: No space left on device", error, StringComparison.Ordinal);
        Assert.Equal("older", File.ReadAllText(answer));
    }

    [Fact]
    public void Policy_is_whole_whenever_its_writer_is_killed()
    {
        string policy = Path.Combine(_disk, "portcullis.yaml");
        File.WriteAllText(policy, "# first\nroles: [web-server]\n");
        for (int round = 0; round < 12; round++)
        {
            using Process writer = Start("accept", $"tcp/any/ipv4/{8000 + round}/app.service", "--reason", "ours", "--policy", policy);
            writer.WaitForExit(TimeSpan.FromMilliseconds(30 + (round * 12)));
            writer.Kill();
            writer.WaitForExit();
            Assert.StartsWith("# first\nroles: [web-server]\n", File.ReadAllText(policy), StringComparison.Ordinal);
        }

        (int code, string error) = Portcullis("accept", "tcp/any/ipv4/9999/app.service", "--reason", "ours", "--policy", policy);
        Assert.True(code == 0, error);
        Assert.Contains("9999", File.ReadAllText(policy), StringComparison.Ordinal);
    }

    private void Fill()
    {
        using FileStream rest = File.Create(Path.Combine(_disk, "fill"));
        try
        {
            for (; ; )
            {
                rest.Write(new byte[4096]);
                rest.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as it should be.
        }
    }

    private static (int Code, string Error) Portcullis(params string[] arguments)
    {
        using Process process = Start(arguments);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }

    private static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "portcullis.dll"), .. arguments]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    private static void Shell(string line)
    {
        using Process process = Process.Start("sh", ["-c", line]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
