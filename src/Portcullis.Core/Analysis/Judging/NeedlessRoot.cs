using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Listeners whose processes all run as root though their program has an account of its own, or needs no right of root.</summary>
internal sealed class NeedlessRoot : ICheck
{
    public IEnumerable<Finding> Find(Judgement judgement)
    {
        foreach (Listener listener in judgement.Listeners)
        {
            ProcessFacts[] workers = [.. listener.Processes.Where(process => process.Pid != 1)];
            if (workers.Length == 0 || workers.Any(process => process.Uid != 0) || listener.Container is not null || listener.SuperServer is not null
                || listener.Scope == Scope.Loopback || listener.Protocol is Protocol.Raw or Protocol.Packet)
            {
                continue;
            }

            // To give an account to what was deleted or runs from memory would be the wrong advice: another check asks what it is.
            string? account = workers.Select(process => ProgramKnowledge.AccountOf(ServiceIdentity.ProgramOf(process) ?? "")).OfType<string>().FirstOrDefault();
            bool isOwn = workers.Any(process => (process.Packaged == false && process.Origin == ExecutableOrigin.File) || (Interpreter.Is(process.Executable) && process.ScriptPackage is null))
                && PortClasses.Of(listener.Port) != PortClass.System;
            if (account is not null || isOwn)
            {
                yield return Wording.Finding(
                    "PC3009", account is null ? Severity.Low : Severity.Medium,
                    $"{Wording.Holder(listener)} listens {Wording.Where(listener)} ({Wording.Port(listener)}) as root without need", listener,
                    [account is null ? "a port above 1023 needs no right of root" : $"its package runs it as the user {account}", "who takes over the program takes over the machine"],
                    account is null ? "give it a user of its own: User= in its unit (systemd.exec(5))" : $"run it as {account}, by its own unit");
            }
        }
    }
}
