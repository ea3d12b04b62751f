namespace Portcullis.Core.Model;

/// <summary>What a scan found at one port.</summary>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Port">The port, 0 to 65,535.</param>
/// <param name="State">Its state.</param>
public sealed record ScannedPort(Protocol Protocol, ushort Port, PortState State)
{
    /// <summary>The time from question to answer, µs; null where there was none, or it cannot be told which question was answered.</summary>
    public int? RoundTrip { get; init; }

    /// <summary>How often it was asked.</summary>
    public int Probes { get; init; }

    /// <summary>The hops that the answer had left; null where that was not seen.</summary>
    public int? Hops { get; init; }

    /// <summary>Who refused, or said that it cannot be reached; null where nobody did but the target itself.</summary>
    public IpAddress? By { get; init; }

    /// <summary>What came of asking what answers there; null where that was not asked.</summary>
    public DialogueResult? Dialogue { get; init; }
}
