using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Lists in one line what decides about packets beside the firewall's rules.</summary>
internal static class ProgramLine
{
    private const int Most = 8;

    /// <summary>"Programs beside the rules: xdp on eth0, sd_fw_ingress (cgroup, /sys/fs/cgroup/x.service)."; empty for none.</summary>
    internal static string Of(FirewallState firewall) => firewall.Programs.IsEmpty ? ""
        : $"Programs beside the rules: {string.Join(", ", firewall.Programs.Take(Most).Select(Told))}"
            + (firewall.Programs.Length > Most ? string.Create(CultureInfo.InvariantCulture, $" and {firewall.Programs.Length - Most} more.") : ".");

    private static string Told(PlacedProgram one) =>
        (one.Name ?? one.Id?.ToString(CultureInfo.InvariantCulture)) is string name ? $"{name} ({one.Kind}, {one.Place})" : $"{one.Kind} on {one.Place}";
}
