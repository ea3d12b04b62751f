using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Says in one line who writes the firewall's rules.</summary>
internal static class FirewallLine
{
    /// <summary>"Firewall: ufw (on, at boot). Docker, fail2ban: rules of their own."</summary>
    internal static string Of(FirewallState firewall)
    {
        RuleWriter[] keepers = [.. firewall.Writers.Where(static one => one.Kind is RuleWriterKind.Firewall or RuleWriterKind.Owner)];
        string[] others = [.. firewall.Writers.Where(static one => one.Kind is not (RuleWriterKind.Firewall or RuleWriterKind.Owner)).Select(static one => one.Name)];
        string told = keepers.Length > 0 ? string.Join(" and ", keepers.Select(Told))
            : firewall.KeepsOut switch { false => "none", true => "of unknown origin", null => "not known" };
        string rest = others.Length == 0 ? "" : $" {string.Join(", ", others)}: rules of {(others.Length == 1 ? "its" : "their")} own.";
        string open = firewall.KeepsOut == false && keepers.Length > 0 ? " It keeps nobody out." : "";
        return $"Firewall: {told}.{open}{rest}";
    }

    private static string Told(RuleWriter writer)
    {
        List<string> parts = [];
        if (writer.Loaded != true)
        {
            parts.Add(writer.Loaded == false ? "not loaded" : "not known whether it is loaded");
        }

        if (writer.AtBoot is bool atBoot)
        {
            parts.Add(atBoot ? "loaded at boot" : "not loaded at boot");
        }

        return parts.Count == 0 ? writer.Name : $"{writer.Name} ({string.Join(", ", parts)})";
    }
}
