using System.Collections.Immutable;

namespace Portcullis.Core.Text.Systemd;

/// <summary>The unit that a control group belongs to.</summary>
/// <param name="Name">The unit's name with its suffix, such as "ssh.service".</param>
/// <param name="User">Whose manager runs the unit; null for the system's.</param>
/// <param name="Slices">The slices above it inside its manager, the outermost first; empty for the root slice.</param>
public sealed record ControlGroupUnit(string Name, uint? User, ImmutableArray<string> Slices)
{
    /// <summary>The login session whose scope it is ("3" of session-3.scope); null for every other unit.</summary>
    public string? Session =>
        Name.StartsWith("session-", System.StringComparison.Ordinal) && Name.EndsWith(".scope", System.StringComparison.Ordinal)
            ? Name["session-".Length..^".scope".Length]
            : null;

    /// <summary>Whether it holds the manager itself (init.scope): PID 1, or a user's systemd.</summary>
    public bool IsManager => Name == "init.scope";
}
