using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Cli.Files;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Files that a user names: nothing in them is lost, whoever else writes, and where the disk is full.</summary>
public sealed class FileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portcullis-files").FullName;

    private string Target => Path.Combine(_folder, "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Changes_of_many_at_once_are_all_there_afterwards()
    {
        ConcurrentBag<Exception> failures = [];
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, number =>
        {
            try
            {
                FileChange.Apply(Target, 1 << 20, "too large", present => [.. present, (byte)number]);
                InputFile.Read(Target, 1 << 20, "too large");
            }
            catch (InputException failure)
            {
                failures.Add(failure);
            }
        });

        Assert.Empty(failures);
        Assert.Equal([.. Enumerable.Range(0, 40).Select(number => (byte)number)], File.ReadAllBytes(Target).Order());
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Change_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it()
    {
        File.WriteAllText(Target, "before");

        Assert.Throws<InputException>(() => FileChange.Apply(Target, 100, "too large", _ => throw new InputException("no")));
        Assert.Throws<InputException>(() => FileChange.Apply(Target, 3, "too large", present => present));

        Assert.Equal("before", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Changed_file_keeps_its_mode_and_a_link_to_it_stays_one()
    {
        string link = Path.Combine(_folder, "link");
        File.WriteAllText(Target, "a");
        File.CreateSymbolicLink(link, "file");
        if (OperatingSystem.IsWindows())
        {
            FileChange.Apply(link, 100, "too large", present => [.. present, (byte)'b']);
        }
        else
        {
            const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            File.SetUnixFileMode(Target, Mode);
            FileChange.Apply(link, 100, "too large", present => [.. present, (byte)'b']);
            Assert.Equal(Mode, File.GetUnixFileMode(Target));
        }

        Assert.Equal("ab", File.ReadAllText(Target));
        Assert.Equal("file", new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void Answer_is_written_into_the_file_that_is_there()
    {
        File.WriteAllText(Target, "an older and longer answer");
        string other = Path.Combine(_folder, "second-name");
        Assert.Equal(0, ProgramRun.Shell($"--version >/dev/null; ln '{Target}' '{other}'").Code);

        OutputFile.Write("new"u8, Target);

        Assert.Equal("new", File.ReadAllText(other));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void Answer_to_a_pipe_reaches_its_reader_whole()
    {
        // The reader of the pipe is the one whose end the shell waits for.
        string copy = Path.Combine(_folder, "copy");
        Assert.Equal(0, ProgramRun.Shell($"roles web-server --output >(cat >'{copy}'); code=$?; wait $!; exit $code").Code);

        Assert.Equal(ProgramRun.Shell("roles web-server").Output, File.ReadAllText(copy));
        Assert.Contains("https:", ProgramRun.Shell("roles web-server --output /dev/stdout").Output, StringComparison.Ordinal);
        Assert.Equal(0, ProgramRun.Shell("roles web-server --output /dev/null").Code);
    }

    [Theory]
    [InlineData("roles web-server --output /dev/full", "/dev/full: can't be written: No space left on device")]
    [InlineData("scan 127.0.0.1 -p 9 --json --output /dev/full", "/dev/full: can't be written: No space left on device")]
    [InlineData("audit --output /tmp", "/tmp: can't be written: it is a directory; name a file in it")]
    [InlineData("roles --output /tmp", "/tmp: can't be written: it is a directory; name a file in it")]
    [InlineData("trace 127.0.0.1:9 --output /nonexistent/t", "/nonexistent/t: can't be written: there is no such file or directory")]
    [InlineData("trace 127.0.0.1:9 --pcap /nonexistent/t", "/nonexistent/t: can't be written: there is no such file or directory")]
    [InlineData("audit --policy ''", "'': can't be read: this is no name of a file")]
    [InlineData("accept tcp/any/ipv4/22/x --reason y --policy /", "/: can't be changed:")]
    [InlineData("accept k --reason y --policy /nonexistent/p", "KEY: 'k' is nothing that a finding is about")]
    [InlineData("accept tcp/any/ipv4/22/x --reason y --policy /nonexistent/p", "/nonexistent/p: can't be changed: there is no such file or directory")]
    public void Target_that_cannot_be_used_is_told_in_one_line(string arguments, string message)
    {
        ProgramRun.Result run = ProgramRun.Shell(arguments);

        Assert.Equal(2, run.Code);
        Assert.StartsWith("portcullis: " + message, run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(letter => letter == '\n'));
    }
}
