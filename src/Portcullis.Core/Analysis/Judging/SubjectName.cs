using System;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>The names of what findings are about.</summary>
public static class SubjectName
{
    private static readonly string[] Others = ["sysctl:", "unit:", "exception:", "firewall:"];

    /// <summary>Whether the text has the form of a subject: a listener's key, a missing service's slot, a setting, a unit or an exception.</summary>
    public static bool IsSubject(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsKey(text) || IsSlot(text) || Array.Exists(Others, prefix => text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length);
    }

    /// <summary>Whether the text has the form of a listener's key: protocol/scope/family/port/holder, perhaps with a namespace in front.</summary>
    public static bool IsKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        string protocol = parts[0][(parts[0].LastIndexOf(':') + 1)..];
        return parts.Length == 5 && parts[4].Length > 0 && IsProtocol(protocol)
            && Enum.GetValues<Scope>().Any(scope => ListenerKey.Word(scope) == parts[1])
            && Enum.GetValues<AddressFamily>().Any(family => ListenerKey.Word(family) == parts[2])
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535;
    }

    private static bool IsSlot(string text) => text.Split('/') is [NetworkNamespace.HostName, string protocol, { Length: > 0 }] && IsProtocol(protocol);

    private static bool IsProtocol(string word) => Enum.GetValues<Protocol>().Any(protocol => ListenerKey.Word(protocol) == word);
}
