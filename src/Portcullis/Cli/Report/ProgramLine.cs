using System.Globalization;
using System.Linq;
using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Lists in one line the BPF programs that decide about packets beside the firewall's rules.</summary>
internal static class ProgramLine
{
    private const int Most = 8;

    /// <summary>"BPF programs beside the rules: sd_fw_ingress (cgroup, /sys/fs/cgroup/x.service)."; empty for none.</summary>
    internal static string Of(FirewallState firewall) => firewall.Programs.IsEmpty ? ""
        : $"BPF programs beside the rules: {string.Join(", ", firewall.Programs.Take(Most).Select(Told))}"
            + (firewall.Programs.Length > Most ? string.Create(CultureInfo.InvariantCulture, $" and {firewall.Programs.Length - Most} more.") : ".");

    private static string Told(PlacedProgram one) =>
        $"{one.Program.Name ?? one.Program.Id.ToString(CultureInfo.InvariantCulture)} ({ProgramText.Word(one.Program.Hook)}, {one.Place})";
}
