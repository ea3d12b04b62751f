using System;
using System.Buffers.Binary;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// A call of ONC RPC and its reply (RFC 5531, 9). Call: u32 id, 0, RPC version 2, program, version, procedure, no credentials, no
/// verifier. Reply: u32 id, 1, 0 accepted, verifier (u32 kind, u32 length, bytes), u32 state.
/// </summary>
internal static class RpcMessage
{
    /// <summary>The length of the shortest reply, in bytes.</summary>
    internal const int ShortestReply = 20;

    private const uint Id = 0x506f7274;

    /// <summary>A call of procedure 0, which does nothing.</summary>
    internal static byte[] Call(uint program, uint version) => new BigEndian().Words(Id, 0, 2, program, version, 0, 0, 0, 0, 0).Bytes;

    /// <summary>The same with its record mark, for TCP.</summary>
    internal static byte[] Marked(byte[] call) => new BigEndian().Words(0x80000000u | (uint)call.Length).Add(call).Bytes;

    /// <summary>Reads a reply to such a call; null where it is none.</summary>
    internal static IdentifiedService? Read(ReadOnlySpan<byte> reply)
    {
        if (reply.Length < ShortestReply || Word(reply, 0) != Id || Word(reply, 1) != 1 || Word(reply, 2) > 1)
        {
            return null;
        }

        return Word(reply, 2) == 1 ? Sighting.Of("sunrpc", "call denied").Asks("does not take calls without credentials")
            : State(reply) switch
            {
                0 => Sighting.Of("sunrpc", "answers a call of procedure 0").Open("answers anybody"),
                1 => Sighting.Of("sunrpc", "another program of ONC RPC: it does not have this one"),
                2 => Sighting.Of("sunrpc", "another version of this program"),
                >= 3 and <= 5 => Sighting.Of("sunrpc", "answers a call with an error"),
                _ => null,
            };
    }

    /// <summary>Whether the reply says that the program that was called is there.</summary>
    internal static bool HasProgram(ReadOnlySpan<byte> reply) => reply.Length >= ShortestReply && Word(reply, 2) == 0 && State(reply) is 0 or 2;

    private static uint? State(ReadOnlySpan<byte> reply)
    {
        uint verifier = Word(reply, 4);
        int at = verifier > 400 ? int.MaxValue : 20 + (int)((verifier + 3) & ~3u);
        return at > reply.Length - 4 ? null : BinaryPrimitives.ReadUInt32BigEndian(reply[at..]);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadUInt32BigEndian(bytes[(index * 4)..]);
}
