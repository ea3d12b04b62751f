using Portcullis.Os.Linux.Native;
using FilterStep = Portcullis.Os.Linux.Native.LibcPackets.FilterStep;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Sets filters on sockets (classic BPF, linux/filter.h): what they do not let through never reaches us.</summary>
internal static unsafe class PacketFilter
{
    /// <summary>Sets one; tells whether the kernel took it.</summary>
    internal static bool TryAttach(int descriptor, FilterStep[] steps)
    {
        fixed (FilterStep* first = steps)
        {
            LibcPackets.FilterProgram program = new() { Count = (ushort)steps.Length, Steps = first };
            return LibcSockets.setsockopt(descriptor, LibcSockets.SOL_SOCKET, LibcPackets.SO_ATTACH_FILTER, &program, (uint)sizeof(LibcPackets.FilterProgram)) == 0;
        }
    }
}
