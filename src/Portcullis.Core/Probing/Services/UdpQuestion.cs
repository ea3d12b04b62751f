namespace Portcullis.Core.Probing.Services;

/// <summary>What a UDP port is asked.</summary>
/// <param name="Name">The protocol of the question; "generic" for one that belongs to none.</param>
/// <param name="Bytes">The datagram; may be empty.</param>
/// <param name="IsGeneric">Whether no question is known for the port: silence then says even less than elsewhere.</param>
/// <param name="AnswersFromAnotherPort">Whether the answer comes from another port of the same host: a connected socket does not hear it.</param>
public sealed record UdpQuestion(string Name, byte[] Bytes, bool IsGeneric, bool AnswersFromAnotherPort = false);
