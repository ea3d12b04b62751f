using System.Threading;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Opens and closes packet sockets (packet(7)).</summary>
internal static class PacketSockets
{
    /// <summary>Opens one that is bound to no protocol, so that nothing comes in before its filter is set; below 0 where the kernel refuses.</summary>
    internal static int Open() => LibcSockets.socket(LibcPackets.AF_PACKET, LibcPackets.SOCK_DGRAM | LibcSockets.SOCK_CLOEXEC, 0);

    /// <summary>
    /// Closes one, aside: the kernel waits until no processor can be at work with it any more (synchronize_net() in packet_release(),
    /// net/packet/af_packet.c), for 8 to 16 ms on a machine that has nothing else to do. A thread of its own, since it may be of another network namespace.
    /// </summary>
    internal static void Close(int descriptor) => new Thread(() => _ = Libc.close(descriptor)) { IsBackground = true, Name = "closing" }.Start();
}
