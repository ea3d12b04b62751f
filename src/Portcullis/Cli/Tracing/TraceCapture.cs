using System;
using System.Buffers;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Captures;

namespace Portcullis.Cli.Tracing;

/// <summary>A trace as a capture file, which Wireshark and tcpdump read.</summary>
internal static class TraceCapture
{
    internal static ReadOnlySpan<byte> Write(TraceReport report)
    {
        ArrayBufferWriter<byte> file = new(1 << 14);
        PcapngWriter writer = new(file, PcapngWriter.RawIp, "portcullis", report.Sentence);
        ulong start = (ulong)(report.StartedAt - DateTimeOffset.UnixEpoch).Ticks * 100;
        for (int at = 0; at < report.Captured.Length; at++)
        {
            CapturedPacket packet = report.Captured[at];
            writer.Packet(start + ((ulong)Math.Max(packet.At.Ticks, 0) * 100), packet.Bytes.AsSpan(), packet.IsOutgoing, report.Explanations[at]);
        }

        return file.WrittenSpan;
    }
}
