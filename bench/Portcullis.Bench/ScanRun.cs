namespace Portcullis.Bench;

/// <summary>One run of one scanner.</summary>
/// <param name="Seconds">The time it took.</param>
/// <param name="Processor">The processor time of it, both parts, in seconds; on a pair of devices the target's work is in it, for every scanner alike.</param>
/// <param name="Megabytes">The most memory that it held.</param>
/// <param name="Packets">The packets that it sent.</param>
/// <param name="Missed">Open ports that it did not find.</param>
/// <param name="Invented">Ports that it found and that are not open.</param>
internal sealed record ScanRun(double Seconds, double Processor, double Megabytes, long Packets, int Missed, int Invented);
