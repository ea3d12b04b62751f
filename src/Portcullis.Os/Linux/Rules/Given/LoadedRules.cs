using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;
using Portcullis.Core.Text.Rulesets;
using Portcullis.Core.Wire.Rulesets;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Rules.Given;

/// <summary>
/// Reads rulesets by loading them: the tool that their author uses turns them into the kernel's form, in a network namespace that is thrown
/// away, and from there they are read like the rules of a running machine. So nothing of their language is guessed.
/// </summary>
internal sealed class LoadedRules : IGivenRules
{
    /// <inheritdoc/>
    public GivenRules Read(ImmutableArray<RulesetScript> scripts, string name, string folder, ImmutableArray<NetworkInterface> interfaces)
    {
        List<(RulesetScript Script, string Program)> tools = [];
        foreach (RulesetScript script in scripts)
        {
            if (ToolFor(script.Format) is not string program)
            {
                return Refused($"{name}: {Missing(script.Format)}");
            }

            tools.Add((script, program));
        }

        GivenRules rules = Refused($"{name}: could not be loaded");
        int error = ThrowAwayNamespace.Run((door, network) => rules = Load(tools, name, folder, interfaces, door, network));
        return error == 0 ? rules : Refused($"{name}: {Why(error)}");
    }

    private static GivenRules Load(
        List<(RulesetScript Script, string Program)> tools, string name, string folder, ImmutableArray<NetworkInterface> interfaces, INetworkDoor door, string network)
    {
        ImmutableArray<string> nameless = StandIns.Make(door, interfaces);
        foreach ((RulesetScript script, string program) in tools)
        {
            string input = script.Format == ScriptFormat.NftJson ? JsonOrder.Settle(script.Text) : script.Text;
            ToolRun run = LoadingTool.Run(program, Arguments(script.Format, folder), input, folder, network);
            if (run.Failure is string failure)
            {
                return Refused($"{name}: {failure}");
            }

            if (run.Status != 0)
            {
                return Refused(ToolComplaint.Of(script.Format, run.Said, name));
            }
        }

        RulesAnswer answer = RuleTables.Read(door);
        return answer.Dump is not RulesetDump dump ? Refused($"{name}: was loaded, but can't be read back: {answer.Why ?? Errno.Text(answer.Error)}")
            : new GivenRules(DumpedRuleset.Decode(dump, out _), null, nameless);
    }

    private static GivenRules Refused(string why) => new(null, why, []);

    /// <summary>Only an iptables of the nf_tables kind will do: the older one's rules are not told by netlink.</summary>
    private static string? ToolFor(ScriptFormat format)
    {
        if (format is ScriptFormat.Nft or ScriptFormat.NftJson)
        {
            return LoadingTool.Find("nft");
        }

        string tables = format == ScriptFormat.Iptables ? "iptables" : "ip6tables";
        return LoadingTool.Find($"{tables}-nft-restore")
            ?? (LoadingTool.Find($"{tables}-restore") is string usual && IsOverNft(usual) ? usual : null);
    }

    private static bool IsOverNft(string program) =>
        new LiveToolRunner().Run(program, ["--version"], TimeSpan.FromSeconds(10), 1 << 12).Text?.Contains("nf_tables", StringComparison.Ordinal) == true;

    private static string Missing(ScriptFormat format) => format switch
    {
        ScriptFormat.Nft or ScriptFormat.NftJson => "it takes nft to read it, which is not here: install the package nftables",
        ScriptFormat.Iptables => "it takes iptables-nft-restore to read it, which is not here: install the package iptables (iptables-nft on Fedora and its kin)",
        _ => "it takes ip6tables-nft-restore to read it, which is not here: install the package iptables (iptables-nft on Fedora and its kin)",
    };

    private static IReadOnlyList<string> Arguments(ScriptFormat format, string folder) => format switch
    {
        ScriptFormat.Nft => ["-I", folder, "-f", "-"],
        ScriptFormat.NftJson => ["-j", "-f", "-"],
        _ => [],
    };

    private static string Why(int error) => error switch
    {
        Errno.EPERM when Libc.geteuid() != 0 =>
            "it is read by loading it into a network namespace of its own, which takes root: run with sudo, or: unshare -r portcullis reach --ruleset FILE",
        Errno.EPERM => "it is read by loading it into a network namespace of its own, and making one is refused even to root here (CAP_SYS_ADMIN is missing)",
        Errno.ENOSYS or Errno.EINVAL => "it is read by loading it into a network namespace of its own, and this kernel makes none that could be told from the others (is /proc mounted?)",
        _ => $"no network namespace could be made to load it into: {Errno.Text(error)}",
    };
}
