namespace Portcullis.KernelTests.Lab;

/// <summary>What a link does to the packets that it carries, in each direction. Shares are of 1.</summary>
public sealed record LinkFaults
{
    /// <summary>How long a packet is under way, in milliseconds.</summary>
    public double Delay { get; init; }

    /// <summary>How much longer at most, by chance, in milliseconds; packets overtake each other by it.</summary>
    public double Jitter { get; init; }

    /// <summary>The share that is lost.</summary>
    public double Loss { get; init; }

    /// <summary>The share that comes twice.</summary>
    public double Duplication { get; init; }

    /// <summary>The share in which a bit is flipped behind the Ethernet header.</summary>
    public double Corruption { get; init; }

    /// <summary>How many resets somebody who guesses well adds to each segment of TCP over IPv4: in the window, but not at its beginning.</summary>
    public int ForgedResets { get; init; }

    /// <summary>Chooses which.</summary>
    public int Seed { get; init; } = 1;
}
