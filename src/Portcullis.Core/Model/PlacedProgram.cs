namespace Portcullis.Core.Model;

/// <summary>A BPF program that decides about packets, and where a user finds it.</summary>
/// <param name="Program">The program.</param>
/// <param name="Place">The interface, the hook of netfilter or the directory of the control group, and the network namespace where that is not the host's.</param>
public sealed record PlacedProgram(PacketProgram Program, string Place);
