using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Portcullis.Cli.Policies;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Core.Text.Snapshots;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Scenes;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>
/// A port that no process shows: the listening socket is on its way through a unix socket (SCM_RIGHTS, unix(7)), so that no descriptor is it.
/// </summary>
/// <remarks>A box is no whole machine, so the judgement is told that it were one; the facts are the kernel's.</remarks>
public sealed class HiddenHolderTests
{
    [Theory]
    [Scene("PC3013", "s.close()", "pass")]
    public async Task Port_without_a_holder_is_told_and_one_whose_holder_shows_itself_is_not(string id, string letGo, string hold)
    {
        await using Box box = await Box.Boot(Suite.Bookworm);
        ScenesAreProvedAttribute.Prove(id, await Told(box, 8401, letGo), await Told(box, 8402, hold));
    }

    private static async Task<IEnumerable<string>> Told(Box box, int port, string then)
    {
        string program = $"import socket,os,time; s=socket.create_server((\"0.0.0.0\",{port})); a,b=socket.socketpair(); socket.send_fds(a,[b\"x\"],[s.fileno()]); {then}; os.setuid(65534); time.sleep(120)";
        (await box.Run("systemd-run", "--quiet", "python3", "-c", program)).MustSucceed();
        Snapshot snapshot = await Listening(box, port);
        Assessment judged = Audit.Of(snapshot with { SeesEveryProcess = true }, policy: null, Catalogue.All);
        return judged.Findings.Where(finding => finding.Subject.Contains($"/{port}/", System.StringComparison.Ordinal)).Select(finding => finding.Id);
    }

    private static async Task<Snapshot> Listening(Box box, int port)
    {
        for (int round = 0; ; round++)
        {
            CommandResult inspected = await box.Run(Box.Portcullis, "inspect");
            Assert.True(SnapshotJson.TryRead(Encoding.UTF8.GetBytes(inspected.Output), out Snapshot? snapshot, out string? error), error);
            if (snapshot!.Sockets.Any(socket => socket.Port == port))
            {
                return snapshot;
            }

            Assert.True(round < 40, "the listener did not come up");
            await Task.Delay(250);
        }
    }
}
