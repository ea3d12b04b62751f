using System;
using System.Text;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Text.Snapshots;
using Portcullis.KernelTests.Lab;
using Portcullis.Os.Linux;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>A server's raw answers, decoded again on another machine, must give the same facts.</summary>
public sealed class ReplayTests(SharedBoxes boxes)
{
    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Raw_answers_decode_to_the_same_snapshot_elsewhere(Suite suite)
    {
        Box box = await boxes.Of(suite);
        CommandResult inspected = await box.Run(Box.Portcullis, "inspect", "--raw");
        Assert.Equal(0, inspected.ExitCode);
        Assert.True(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(inspected.Output), out Snapshot? snapshot, out string? error), error);

        Snapshot replayed = new Inspect(new LinuxMachine().Replay(snapshot!.Raw!.Value)).Run(snapshot.TakenAt, hash: false);

        Assert.Equal(Text(snapshot with { Raw = null }), Text(replayed));
        Assert.Contains(snapshot.Raw.Value, answer => answer.Request.StartsWith("network ", StringComparison.Ordinal) && answer.Bytes is { Length: > 1000 });
    }

    [Theory]
    [InlineData(Suite.Bookworm)]
    public async Task Snapshot_in_a_pipe_gives_the_same_answer_as_the_audit_itself(Suite suite)
    {
        Box box = await boxes.Of(suite);
        (CommandResult direct, CommandResult piped) = await Both(box);
        for (int round = 0; round < 4 && direct.Output != piped.Output; round++)
        {
            // A living server opens a socket now and then between two looks.
            (direct, piped) = await Both(box);
        }

        Assert.Equal(direct.Output, piped.Output);
        Assert.Contains("sshd", direct.Output, StringComparison.Ordinal);
    }

    private static async Task<(CommandResult Direct, CommandResult Piped)> Both(Box box) => (
        await box.Run("sh", "-c", $"{Box.Portcullis} audit | tail -n +2"),
        await box.Run("sh", "-c", $"{Box.Portcullis} inspect | {Box.Portcullis} audit --snapshot - | tail -n +2"));

    private static string Text(Snapshot snapshot) => Encoding.UTF8.GetString(SnapshotJson.Write(snapshot));
}
