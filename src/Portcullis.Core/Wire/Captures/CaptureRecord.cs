using System;

namespace Portcullis.Core.Wire.Captures;

/// <summary>A packet of a capture file.</summary>
/// <param name="Interface">Which of the file's interfaces it was captured on, from 0.</param>
/// <param name="Nanoseconds">When, since 1970; null where the file does not tell (a simple packet block).</param>
/// <param name="LinkType">How its bytes begin: 1 Ethernet, 101 an IP header (draft-ietf-opsawg-pcaplinktype).</param>
/// <param name="Length">Its length on the wire; the bytes may be fewer.</param>
/// <param name="Bytes">What was captured of it.</param>
/// <param name="IsOutgoing">Whether it was sent from there; null where the file does not tell.</param>
/// <param name="Comment">A remark; null for none.</param>
public sealed record CaptureRecord(int Interface, ulong? Nanoseconds, int LinkType, int Length, ReadOnlyMemory<byte> Bytes, bool? IsOutgoing, string? Comment);
