namespace Portcullis.Core.Text;

/// <summary>A line of sysctl.d(5).</summary>
/// <param name="Name">The switch in dotted form, perhaps with "*" in it.</param>
/// <param name="Value">What it is to be; null where the line only takes the switch out of those that "*" means.</param>
/// <param name="Line">The line, from 1.</param>
public sealed record SysctlAssignment(string Name, string? Value, int Line);
