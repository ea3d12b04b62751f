using System;
using System.IO;
using System.Linq;
using System.Text;
using Portcullis.Core.Edges;
using Portcullis.Os.Linux.Rules.Given;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Changes;

/// <summary>A unit of systemd that loads the table before the network comes up, from a file that only Portcullis writes.</summary>
/// <param name="state">Where the rules are kept.</param>
internal sealed class BootUnit(StateFolder state) : IBootRules
{
    private const string Unit = "portcullis-firewall.service";
    private const string Folder = "/etc/systemd/system";

    /// <inheritdoc/>
    public string? Keep(string? script)
    {
        if (script is null && Kept() is null)
        {
            return null;
        }

        LiveSource source = new();
        if (!Directory.Exists("/run/systemd/system"))
        {
            return "no systemd runs here, so that nothing loads it when the machine starts";
        }

        if (source.Link("/proc/1/ns/net").Text != source.Link("/proc/thread-self/ns/net").Text)
        {
            return "this is not the machine's own network namespace, so that nothing loads it when the machine starts";
        }

        try
        {
            string systemctl = LoadingTool.Find("systemctl") ?? throw new ChangeException("systemctl is not installed here");
            if (script is null)
            {
                _ = LoadingTool.Run(systemctl, ["stop", Unit], "", "/", network: null); // which unloads nothing
            }

            Write(script);

            // Started at once: systemd would else do so whenever it starts something that wants sysinit.target, with rules that are older by then.
            string[][] commands = script is null ? [["daemon-reload"]] : [["daemon-reload"], ["restart", Unit]];
            return commands.Select(arguments => LoadingTool.Run(systemctl, arguments, "", "/", network: null)).Any(static run => run.Failure is not null || run.Status != 0)
                ? $"systemd does not start {Unit}: systemctl status {Unit} says why"
                : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ChangeException)
        {
            return $"it cannot be kept for the machine's start: {refused.Message}";
        }
    }

    /// <inheritdoc/>
    public string? Kept()
    {
        string? script = null;
        if (IsLinked(Path.Combine(Folder, "sysinit.target.wants", Unit)) && File.Exists(state["firewall.nft"]))
        {
            StateFolder.Telling(state["firewall.nft"], () => script = File.ReadAllText(state["firewall.nft"]));
        }

        return script;
    }

    private static bool IsLinked(string file) => new FileInfo(file).LinkTarget is not null;

    private void Write(string? script)
    {
        string rules = state["firewall.nft"];
        string unit = Path.Combine(Folder, Unit);
        string wants = Path.Combine(Folder, "sysinit.target.wants", Unit);
        if (script is null)
        {
            File.Delete(wants);
            File.Delete(unit);
            File.Delete(rules);
            return;
        }

        state.Write("firewall.nft", Encoding.UTF8.GetBytes(script));
        StateFolder.WriteWhole(unit, Encoding.UTF8.GetBytes(Text(rules)));
        Directory.CreateDirectory(Path.GetDirectoryName(wants)!);
        if (!IsLinked(wants))
        {
            File.CreateSymbolicLink(wants, unit);
        }
    }

    // Before any interface is up (systemd.special(7), network-pre.target), and behind what empties the tables of others first.
    private static string Text(string rules) =>
        $"""
        # Written by Portcullis; portcullis undo takes it away.
        [Unit]
        Description=Portcullis firewall
        Documentation=man:nft(8)
        DefaultDependencies=no
        RequiresMountsFor={rules}
        After=local-fs.target nftables.service
        PartOf=nftables.service
        ReloadPropagatedFrom=nftables.service
        Wants=network-pre.target
        Before=network-pre.target shutdown.target
        Conflicts=shutdown.target

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart={NftTable.Program()} -f {rules}
        ExecReload={NftTable.Program()} -f {rules}

        [Install]
        WantedBy=sysinit.target

        """;
}
