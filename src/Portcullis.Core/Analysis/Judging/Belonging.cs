using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Tells whether what holds a port is what belongs there.</summary>
internal static class Belonging
{
    /// <summary>Programs that pass bytes on for anybody; behind the port of a known service they are a makeshift or a back door.</summary>
    private static readonly string[] Pipes = ["nc", "nc.openbsd", "nc.traditional", "ncat", "netcat", "socat", "busybox"];

    /// <summary>Why a role's service is not this one, though the port is the same.</summary>
    /// <returns>A reason; null where it may be the service.</returns>
    internal static string? WhyNot(Listener listener, RoleService service, Role role)
    {
        // What runs in a container cannot be told from outside, and a socket without a visible holder is told by a gap.
        if (service.By.IsEmpty || listener.Container is not null || (listener.Processes.IsEmpty && listener.Unit is null))
        {
            return null;
        }

        foreach (string name in ServiceIdentity.NamesOf(listener))
        {
            foreach (string pattern in service.By)
            {
                if (Fits(name, pattern))
                {
                    return null;
                }
            }
        }

        return $"the role {role.Name} gives the port to {string.Join(", ", service.By)}";
    }

    /// <summary>Why it plainly does not belong on its port, whatever the role.</summary>
    /// <returns>A reason; null where it may belong there.</returns>
    internal static string? WhyNot(Listener listener)
    {
        bool mayBeScript = listener.Container is null && (listener.Package is not { } package || IsInterpreters(package, listener));
        foreach (ProcessFacts process in listener.Processes)
        {
            bool isScript = mayBeScript && Interpreter.Is(process.Executable) && process.ScriptPackage is null;
            if ((isScript || IsPipe(process)) && PortKnowledge.Lookup(listener.Port, listener.Protocol) is PortFacts facts
                && (IsPipe(process) || PortClasses.Of(listener.Port) == PortClass.System || facts.Risk >= RiskLevel.High))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{ServiceIdentity.ProgramOf(process)} holds port {listener.Port}, which is {facts.Name}'s");
            }
        }

        return null;
    }

    /// <summary>Whether a name is meant by a pattern: the same, or beginning as it does where it ends with "*"; a unit's suffix may be left out.</summary>
    internal static bool Fits(string name, string pattern)
    {
        bool isBeginning = pattern.EndsWith('*');
        ReadOnlySpan<char> wanted = isBeginning ? pattern.AsSpan(0, pattern.Length - 1) : pattern;
        if (!name.AsSpan().StartsWith(wanted, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> rest = name.AsSpan(wanted.Length);
        return isBeginning || rest is "" or ".service" or ".socket" || rest[0] == '@';
    }

    private static bool IsInterpreters(PackageFacts package, Listener listener) =>
        listener.Processes.Any(process => process.Package == package && Interpreter.Is(process.Executable));

    private static bool IsPipe(ProcessFacts process) => Pipes.Contains(ServiceIdentity.ProgramOf(process), StringComparer.Ordinal);
}
