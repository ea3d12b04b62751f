namespace Portcullis.Core.Model;

/// <summary>
/// How much of what a host offers its policy allows: the measures of CIS Controls v8.1, safeguard 4.8 (unneeded services are uninstalled or
/// disabled), as the CIS Controls Assessment Specification counts them.
/// </summary>
/// <param name="Authorized">The services that the policy allows, whether they are here or not (M1).</param>
/// <param name="AuthorizedHere">Services of the host that it allows (M3).</param>
/// <param name="Disabled">Services that it does not allow, and that neither run nor start by themselves (M5).</param>
/// <param name="Enabled">Services that it does not allow, and that run or start with the machine (M6).</param>
public sealed record ServiceCompliance(int Authorized, int AuthorizedHere, int Disabled, int Enabled)
{
    /// <summary>All services of the host, running or installed (M2).</summary>
    public int All => AuthorizedHere + Unauthorized;

    /// <summary>Those that the policy does not allow (M4).</summary>
    public int Unauthorized => Disabled + Enabled;

    /// <summary>The part that is as it should be, 0 to 1: (M3 + M5) / M2; null where there are no services.</summary>
    public double? Compliant => All == 0 ? null : (double)(AuthorizedHere + Disabled) / All;

    /// <summary>The part that is not, 0 to 1: M6 / M2; null where there are no services.</summary>
    public double? NonCompliant => All == 0 ? null : (double)Enabled / All;
}
