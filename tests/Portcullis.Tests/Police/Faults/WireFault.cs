#pragma warning disable CA1822 // Whether these are static changes nothing about the fault.
namespace Portcullis.Tests.Police.Faults.Core.Wire;

public class Frame
{
    public bool Odd { get; init; }
}

/// <summary>Allowed: what is below, what is harmless, and what only looks like something forbidden.</summary>
public sealed class WellBehaved
{
    public System.Net.IPAddress Address { get; init; } = System.Net.IPAddress.Any;

    public Model.ReadsFile? Below { get; init; }

    public System.DateTimeOffset Later(System.DateTimeOffset now) => now.AddSeconds(1);

    public System.IO.Stream? Knowledge() => typeof(WellBehaved).Assembly.GetManifestResourceStream("ports.tsv");

    public System.Collections.Generic.IEnumerable<int> Numbers()
    {
        yield return 1;
    }
}

public sealed class UsesSideways
{
    public bool Same(object other) => other is Text.Line;
}
