using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report;

/// <summary>Says by what a machine was judged, and with what result.</summary>
internal static class PolicyLine
{
    /// <summary>"Judged by portcullis.yaml (web-server, ssh-admin): 1 high, 2 medium."</summary>
    internal static string Of(Assessment assessment)
    {
        string findings = assessment.Findings.IsEmpty ? "no findings" : FindingList.Counts(assessment.Findings);
        if (assessment.Policy is PolicyFacts policy)
        {
            return $"Judged by {policy.Source} ({Roles(policy)}): {findings}.";
        }

        string likely = assessment.LikelyRoles.IsEmpty ? "" : $" It looks like: {string.Join(", ", assessment.LikelyRoles)}.";
        return $"No policy says what this machine is for, so it is judged by what no server should show: {findings}.{likely}";
    }

    /// <summary>"web-server, ssh-admin", or "no roles".</summary>
    internal static string Roles(PolicyFacts policy) => policy.Roles.IsEmpty ? "no roles" : string.Join(", ", policy.Roles);

    /// <summary>What to do where there is no policy; empty where there is one.</summary>
    internal static string Next(Assessment assessment) => assessment.Policy is not null ? ""
        : assessment.LikelyRoles.IsEmpty ? "Say what it is for: portcullis suggest > portcullis.yaml"
        : $"Say what it is for: portcullis suggest > portcullis.yaml, or try: portcullis audit {string.Join(' ', assessment.LikelyRoles.Take(4).Select(role => "--role " + role))}";
}
