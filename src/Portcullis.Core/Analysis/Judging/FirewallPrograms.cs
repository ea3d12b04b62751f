using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis.Reaching;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>What the checks of the firewall have in common: which programs are on, facts about them, and how to begin without being locked out.</summary>
internal static class FirewallPrograms
{
    /// <summary>What cannot be seen from here, in one sentence.</summary>
    internal const string NotSeen = "what stands in front of this host (a router, a provider's security group) cannot be seen from here";

    private const string Prefix = "firewall:";

    /// <summary>The subject of a finding about a program, or about the whole firewall ("host").</summary>
    internal static string Subject(string name) => Prefix + name;

    /// <summary>The programs whose own word is that they are on at present.</summary>
    internal static IEnumerable<RuleLoader> On(Judgement judgement) =>
        Installed(judgement).Where(static one => one.SwitchedOn ?? one.Running == true);

    /// <summary>Programs that should run since they start at boot, and do not.</summary>
    internal static IEnumerable<RuleLoader> Asleep(Judgement judgement) =>
        Installed(judgement).Where(one => one is { SwitchedOn: null, Running: false } && Coexistence.IsAtBoot(one) == true && WriterOf(judgement, one) is not { Tables.IsEmpty: false });

    /// <summary>The known programs that are installed.</summary>
    internal static IEnumerable<RuleLoader> Installed(Judgement judgement) => (judgement.Snapshot.RuleLoaders ?? []).Where(static one => !one.IsOwn);

    /// <summary>The writer as which a program's rules are known; null where none of them are loaded, or would be.</summary>
    internal static RuleWriter? WriterOf(Judgement judgement, RuleLoader loader) =>
        judgement.State.Writers.FirstOrDefault(one => one.Name == Coexistence.WriterOf(loader));

    /// <summary>"ufw.service: enabled, active; /etc/ufw/ufw.conf says ENABLED=yes".</summary>
    internal static string Told(RuleLoader loader)
    {
        string running = loader.Running switch { true => "active", false => "not active", null => "not known whether it is active" };
        string unit = loader.Unit is null ? loader.Name : $"{loader.Unit}: {loader.Enabled ?? "not known whether it is enabled"}, {running}";
        string file = loader switch
        {
            { SwitchedOn: bool on } => $"; {loader.File} says ENABLED={(on ? "yes" : "no")}",
            { HasRules: false, File: null } => "; the file that it loads is not there",
            { HasRules: false } => $"; {loader.File} has no rule that keeps anything out",
            { FlushesAll: true } => $"; {loader.File} first removes all rules there are (flush ruleset)",
            _ => "",
        };
        return unit + file;
    }

    /// <summary>The port by which people get in by ssh, for the rule that has to come first.</summary>
    internal static int SshPort(Judgement judgement) =>
        judgement.Listeners.FirstOrDefault(static one => one.Namespace == NetworkNamespace.HostName && one.Protocol == Protocol.Tcp && one.Scope != Scope.Loopback
            && (one.Unit?.Name is "ssh.service" or "sshd.service" or "ssh.socket" or "sshd.socket" || one.Processes.Any(static process => process.Name is "sshd" or "dropbear")))?.Port ?? 22;

    /// <summary>How to switch a firewall on that lets ssh in first, for what is installed.</summary>
    internal static string SwitchOn(Judgement judgement)
    {
        int ssh = SshPort(judgement);
        string name = Installed(judgement).Select(static one => one.Name).Where(static one => one is "ufw" or "firewalld").OrderDescending(StringComparer.Ordinal).FirstOrDefault() ?? "";
        string command = name switch
        {
            "ufw" => string.Create(CultureInfo.InvariantCulture, $"sudo ufw allow {ssh}/tcp && sudo ufw enable"),
            "firewalld" => string.Create(CultureInfo.InvariantCulture, $"sudo firewall-offline-cmd --add-port={ssh}/tcp && sudo systemctl enable --now firewalld"),
            _ => string.Create(CultureInfo.InvariantCulture, $"with ufw installed (sudo apt-get install ufw): sudo ufw allow {ssh}/tcp && sudo ufw enable"),
        };
        return $"keep a second session or a console open, since this can lock you out, and allow your own way in first: {command}; then allow what others may use";
    }
}
