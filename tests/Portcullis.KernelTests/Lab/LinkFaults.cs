namespace Portcullis.KernelTests.Lab;

/// <summary>What a link does to the packets that it carries, in each direction.</summary>
public sealed record LinkFaults
{
    /// <summary>How long a packet is under way, in milliseconds.</summary>
    public double Delay { get; init; }

    /// <summary>How much longer at most, by chance, in milliseconds; packets overtake each other by it.</summary>
    public double Jitter { get; init; }

    /// <summary>The share that is lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The share that comes twice.</summary>
    public double Duplication { get; init; }

    /// <summary>The share in which a bit is flipped behind the Ethernet header.</summary>
    public double Corruption { get; init; }

    /// <summary>Chooses which.</summary>
    public int Seed { get; init; } = 1;
}
