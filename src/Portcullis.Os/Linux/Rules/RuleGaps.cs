using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Rules;

/// <summary>Tells which namespaces' rules could not be read: one gap a reason, however many namespaces it struck.</summary>
internal static class RuleGaps
{
    private const int MostNames = 3;
    private const string NotRoot = "not root";

    /// <summary>The gaps.</summary>
    /// <param name="answers">Each namespace's name ("" for none) and answer; null where it was not entered, which is told elsewhere.</param>
    /// <param name="isRoot">Whether root asked.</param>
    internal static IEnumerable<Gap> Of(IEnumerable<(string Name, RulesAnswer? Answer)> answers, bool isRoot)
    {
        List<(string Name, RulesAnswer? Answer)> all = [.. answers];
        foreach (IGrouping<string, string> same in all.Where(one => one.Answer is { Dump: null })
            .GroupBy(one => Why(one.Answer!.Error, one.Answer.Why, isRoot), one => one.Name))
        {
            yield return new Gap("firewall rules" + Where([.. same]), same.Key, Remedy(same.Key));
        }

        foreach (IGrouping<string, string> same in all.Where(one => one.Answer is { Dump: not null, LegacyError: not 0 })
            .GroupBy(one => Why(one.Answer!.LegacyError, one.Answer.LegacyError == Errno.EAGAIN ? "they change faster than they can be read" : null, isRoot), one => one.Name))
        {
            yield return new Gap("firewall rules of the older iptables" + Where([.. same]), same.Key, Remedy(same.Key));
        }
    }

    private static string? Remedy(string why) => why == NotRoot ? "run with sudo" : null;

    private static string Why(int error, string? why, bool isRoot) =>
        why ?? error switch
        {
            0 => "the kernel's answer is malformed",
            Errno.ENOENT => "not in this recording",
            Errno.ETIMEDOUT => "the kernel takes too long to tell the elements of a very large set",
            Errno.EMSGSIZE => "more of them than can be read",
            Errno.EPERM or Errno.EACCES => isRoot ? "refused even to root: a capability is missing" : NotRoot,
            _ => Errno.Text(error),
        };

    /// <summary>Nothing where the host's own are among them; else the namespaces by name, as far as they have one.</summary>
    private static string Where(List<string> names)
    {
        if (names.Contains(NetworkNamespace.HostName) && names.Count == 1)
        {
            return "";
        }

        List<string> told = [.. names.Where(name => name.Length > 0).Take(MostNames)];
        int rest = names.Count - told.Count;
        string more = string.Create(CultureInfo.InvariantCulture, $"{rest} other network namespace{(rest == 1 ? "" : "s")}");
        return " of " + (told.Count == 0 ? more : string.Join(", ", told) + (rest > 0 ? " and " + more : ""));
    }
}
