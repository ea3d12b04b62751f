using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Ports held by what does not belong there, and daemons that run outside their unit.</summary>
internal sealed class OutOfPlace : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        bool hasUnits = judgement.Listeners.Any(listener => listener.Unit is { Transient: false });
        foreach (Listener listener in judgement.Listeners)
        {
            Expectation expectation = judgement.ExpectationOf(listener);
            if (expectation.OutOfPlace is string reason && listener.Scope != Scope.Loopback)
            {
                yield return Wording.Finding(
                    "PC3007", listener.Scope is Scope.Any or Scope.Address ? Severity.High : Severity.Medium,
                    $"{Wording.Holder(listener)} holds {Wording.Port(listener)} {Wording.Where(listener)}, and does not belong there", listener,
                    [reason, .. Wording.NotAllowed(judgement.Policy, expectation with { OutOfPlace = null })], Remedy.Stop(listener));
            }

            if (hasUnits && StrayDaemon(listener) is ProcessFacts stray)
            {
                string unit = ServiceIdentity.KnownOf(listener).SelectMany(facts => facts.Units).First();
                yield return Wording.Finding(
                    "PC3008", listener.Scope == Scope.Loopback ? Severity.Low : Severity.Medium,
                    $"{ServiceIdentity.ProgramOf(stray)} listens {Wording.Where(listener)} ({Wording.Port(listener)}) outside its unit {unit}", listener,
                    [
                        listener.Unit is UnitFacts scope ? $"it runs in {scope.Name}" : "it belongs to no unit",
                        IsSession(stray) ? "it is somebody's ssh session, and has the port because he asked for it (ssh -R)" : "a second copy has another configuration and outlives the unit's restart",
                    ],
                    IsSession(stray)
                        ? string.Create(CultureInfo.InvariantCulture, $"ask {stray.User ?? "its user"} what it is for; sudo kill {stray.Pid} ends that session (mind that it is not yours), and AllowTcpForwarding or GatewayPorts no in sshd_config(5) forbids it")
                        : Remedy.Stop(listener));
            }
        }
    }

    /// <summary>Whether it is the server's process for one login, which says so in its title ("sshd: alice@pts/0").</summary>
    private static bool IsSession(ProcessFacts process) =>
        ServiceIdentity.ProgramOf(process) is "sshd" or "sshd-session" && process.CommandLine is [string title, ..]
        && (title.StartsWith("sshd: ", StringComparison.Ordinal) || title.StartsWith("sshd-session: ", StringComparison.Ordinal)) && title.Contains('@', StringComparison.Ordinal);

    /// <summary>A packaged daemon that has a unit and was started by something else.</summary>
    private static ProcessFacts? StrayDaemon(Listener listener) =>
        listener.Container is not null || listener.SuperServer is not null || listener.Unit is { Transient: false } || listener.ActivatedBy is not null
            || ServiceIdentity.KnownOf(listener).All(facts => facts.Units.IsEmpty)
            ? null
            : listener.Processes.FirstOrDefault(process => process.Pid != 1 && process.Packaged == true && !Interpreter.Is(process.Executable));
}
