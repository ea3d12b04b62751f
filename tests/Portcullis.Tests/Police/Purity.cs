using System;
using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Tests.Police;

/// <summary>
/// The first law: Core may ask, never touch. What it must not use, each with the reason, and what of a forbidden
/// namespace is harmless all the same.
/// </summary>
internal static class Purity
{
    private const string Io = "I/O belongs to Os, behind an edge";
    private const string Clock = "a moment is a parameter (now)";
    private const string Chance = "chance is a parameter (a seed)";
    private const string Surroundings = "what surrounds the process belongs to Os or to the executable";
    private const string Threads = "who runs in parallel decides outside; Core has steps and values";
    private const string Native = "P/Invoke and unsafe code belong to Os";
    private const string Reflection = "what types there are is known when we compile";

    // The compiler's own serialisation code names the reflection types of a path that it does not take.
    private const string Generated = "Portcullis.Core.Text.Snapshots.SnapshotContext";

    // A longer name wins over a shorter one. A name that ends in "." is a namespace with all below it, else a type or member.
    private static readonly (string Name, string? Reason)[] Rules =
    [
        ("System.IO.", Io),
        ("System.IO.Stream", null),
        ("System.IO.UnmanagedMemoryStream", null),
        ("System.IO.MemoryStream", null),
        ("System.IO.TextReader", null),
        ("System.IO.TextWriter", null),
        ("System.IO.StringReader", null),
        ("System.IO.StringWriter", null),
        ("System.IO.StreamReader", null), // over a resource's stream
        ("System.IO.StreamReader..ctor(System.String", Io),
        ("System.IO.InvalidDataException", null),
        ("System.Console", Io),
        ("System.Net.", Io),
        ("System.Net.IPAddress", null),
        ("System.Net.Sockets.AddressFamily", null),
        ("System.DateTime.get_Now", Clock),
        ("System.DateTime.get_UtcNow", Clock),
        ("System.DateTime.get_Today", Clock),
        ("System.DateTime.ToLocalTime", Clock),
        ("System.DateTimeOffset.get_Now", Clock),
        ("System.DateTimeOffset.get_UtcNow", Clock),
        ("System.DateTimeOffset.ToLocalTime", Clock),
        ("System.DateTimeOffset.get_LocalDateTime", Clock),
        ("System.TimeZoneInfo", Clock),
        ("System.TimeProvider", Clock),
        ("System.Timers.", Clock),
        ("System.Random", Chance),
        ("System.Guid.NewGuid", Chance),
        ("System.Guid.CreateVersion7", Chance),
        ("System.Security.Cryptography.RandomNumberGenerator", Chance),
        ("System.Environment", Surroundings),
        ("System.Environment.get_CurrentManagedThreadId", null), // the compiler's own code for "yield"
        ("System.AppContext", Surroundings),
        ("System.AppDomain", Surroundings),
        ("System.OperatingSystem", Surroundings),
        ("System.Diagnostics.", Surroundings),
        ("System.Diagnostics.CodeAnalysis.", null),
        ("System.Diagnostics.UnreachableException", null),
        ("System.Diagnostics.Debug", null),
        ("System.Diagnostics.DebuggableAttribute", null),
        ("System.Diagnostics.DebuggerBrowsableAttribute", null),
        ("System.Diagnostics.DebuggerBrowsableState", null),
        ("System.Diagnostics.DebuggerDisplayAttribute", null),
        ("System.Diagnostics.DebuggerHiddenAttribute", null),
        ("System.Diagnostics.DebuggerStepThroughAttribute", null),
        ("System.Diagnostics.DebuggerNonUserCodeAttribute", null),
        ("System.Security.Principal.", Surroundings),
        ("System.Globalization.CultureInfo.get_CurrentCulture", Surroundings),
        ("System.Globalization.CultureInfo.get_CurrentUICulture", Surroundings),
        ("System.Globalization.RegionInfo", Surroundings),
        ("Microsoft.Win32.", Surroundings),
        ("System.Threading.", Threads),
        ("System.Threading.CancellationToken", null),
        ("System.Threading.Interlocked", null), // the compiler's own code for events
        ("System.Threading.LazyThreadSafetyMode", null),
        ("System.Runtime.InteropServices.", Native),
        ("System.Runtime.InteropServices.MemoryMarshal", null),
        ("System.Runtime.InteropServices.CollectionsMarshal", null),
        ("System.Runtime.InteropServices.ImmutableCollectionsMarshal", null),
        ("System.Runtime.InteropServices.InAttribute", null),
        ("System.Runtime.InteropServices.StructLayoutAttribute", null),
        ("System.Runtime.InteropServices.LayoutKind", null),
        ("System.Runtime.CompilerServices.Unsafe", Native),
        ("System.Runtime.Loader.", Surroundings),
        ("System.Reflection.", Reflection),
        ("System.Reflection.Assembly", null),
        ("System.Reflection.Assembly.", Reflection),
        ("System.Reflection.Assembly.GetManifestResourceStream", null), // the knowledge that is compiled in
        ("System.Reflection.DefaultMemberAttribute", null), // the compiler's own mark of an indexer
        ("System.Activator", Reflection),
    ];

    /// <summary>Every forbidden use in the namespace <paramref name="root"/> and below, with the reason.</summary>
    internal static IEnumerable<string> Violations(AssemblyUses assembly, string root) =>
        from use in assembly.All
        where use.FromNamespace == root || use.FromNamespace.StartsWith(root + ".", StringComparison.Ordinal)
        let reason = ReasonAgainst(use)
        where reason is not null && !(reason == Reflection && use.From == Generated)
        orderby use.From, use.Target
        select $"{use.From} uses {use.Target}: {reason}";

    private static string? ReasonAgainst(Use use)
    {
        string? reason = null;
        int longest = 0;
        foreach ((string name, string? against) in Rules)
        {
            if (name.Length > longest && Names(name, use))
            {
                longest = name.Length;
                reason = against;
            }
        }

        return reason;
    }

    private static bool Names(string name, Use use) =>
        name.EndsWith('.')
            ? use.Target.StartsWith(name, StringComparison.Ordinal)
            : use.Type == name
                || use.Type.StartsWith(name + "+", StringComparison.Ordinal)
                || (use.Member is not null && use.Target.StartsWith(name, StringComparison.Ordinal) && name.Length > use.Type.Length);
}
