namespace Portcullis.KernelTests.Tcp;

/// <summary>What a cable does with packets; shares are of 1.</summary>
/// <param name="Loss">Packets that do not arrive.</param>
/// <param name="Duplication">Packets that arrive twice.</param>
/// <param name="Corruption">Packets of which one bit is turned.</param>
/// <param name="DelayMs">How long each is on its way.</param>
/// <param name="JitterMs">The most that is added to that by chance.</param>
/// <param name="ForgedResets">How many resets somebody who guesses well adds to each packet: in the window, but not at its beginning.</param>
internal sealed record Fault(double Loss = 0, double Duplication = 0, double Corruption = 0, double DelayMs = 0, double JitterMs = 0, int ForgedResets = 0);
