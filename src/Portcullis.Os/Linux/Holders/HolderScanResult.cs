using System;

namespace Portcullis.Os.Linux.Holders;

/// <summary>What a scan of holders found.</summary>
/// <param name="Records">The answer, as Core's HolderRecords reads it; what could not be seen is told in it too.</param>
/// <param name="Way">Which way was taken.</param>
/// <param name="WhyNotBpf">Why the way by BPF was not taken, in words; null where it was, or was not asked for.</param>
internal sealed record HolderScanResult(ReadOnlyMemory<byte> Records, HolderWay Way, string? WhyNotBpf = null);
