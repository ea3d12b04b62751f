namespace Portcullis.Core.Operations;

/// <summary>How far a scan is.</summary>
/// <param name="Decided">Ports that are decided.</param>
/// <param name="Asked">Ports that are asked.</param>
/// <param name="Rate">Probes a second, at present.</param>
public readonly record struct ScanProgress(int Decided, int Asked, double Rate);
