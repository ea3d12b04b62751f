using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Says in one line how much of what a host offers its policy allows.</summary>
internal static class ComplianceLine
{
    /// <summary>"CIS 4.8: 7 of 9 services are allowed or off (77.8 %), 2 are neither (22.2 %)."; empty where that was not counted.</summary>
    internal static string Of(Assessment assessment) => assessment.Services is not { Compliant: double good, NonCompliant: double bad } count ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"CIS 4.8: {count.AuthorizedHere + count.Disabled} of {count.All} services are allowed or off ({100 * good:0.#} %), {count.Enabled} {(count.Enabled == 1 ? "is" : "are")} neither ({100 * bad:0.#} %).");
}
