namespace Portcullis.KernelTests.Tcp;

/// <summary>What a cable does with packets; shares are of 1.</summary>
internal sealed record Fault(double Loss = 0, double Duplication = 0, double Corruption = 0, double DelayMs = 0, double JitterMs = 0);
