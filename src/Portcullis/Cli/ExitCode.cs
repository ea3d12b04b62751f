using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli;

/// <summary>What the process returns; the numbers are fixed for other programs.</summary>
internal static class ExitCode
{
    /// <summary>Done, complete, and nothing at or above the threshold.</summary>
    internal const int Clean = 0;

    /// <summary>Done, with findings at or above the threshold.</summary>
    internal const int Findings = 1;

    /// <summary>Not done: bad arguments, file or input.</summary>
    internal const int BadInput = 2;

    /// <summary>No such findings, but something could not be checked.</summary>
    internal const int Incomplete = 3;

    /// <summary>A change was refused or rolled back; the machine is as it was.</summary>
    internal const int Refused = 4;

    /// <summary>A defect of Portcullis itself.</summary>
    internal const int Defect = 70;

    /// <summary>Ended by the user before its time; what was known by then was told.</summary>
    internal const int Interrupted = 130;

    /// <summary>The code for an assessment.</summary>
    /// <param name="assessment">The assessment.</param>
    /// <param name="failOn">The least severity that counts; null for none.</param>
    internal static int Of(Assessment assessment, Severity? failOn) =>
        failOn is Severity least && assessment.Findings.Any(finding => finding.Severity >= least) ? Findings
        : assessment.Complete ? Clean
        : Incomplete;
}
