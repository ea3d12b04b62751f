using System;
using System.Net.Sockets;
using Portcullis.Core.Probing.Services;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>How ports are identified.</summary>
public sealed record IdentifyOptions
{
    /// <summary>How long and how often each port is asked.</summary>
    public DialogueLimits Limits { get; init; } = new();

    /// <summary>The most ports asked at the same time, over all hosts.</summary>
    public int MostPorts { get; init; } = 64;

    /// <summary>The most ports of one address asked at the same time: some count connections from one source (MaxStartups of sshd, xinetd's cps).</summary>
    public int MostPortsOfHost { get; init; } = 24;

    /// <summary>The clock; only differences of its time stamps are used.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Makes a socket: in the network namespace from which is asked.</summary>
    public Func<AddressFamily, SocketType, ProtocolType, Socket> MakeSocket { get; init; } = static (family, type, protocol) => new Socket(family, type, protocol);
}
