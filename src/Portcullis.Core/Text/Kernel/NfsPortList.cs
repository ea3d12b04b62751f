using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Kernel;

/// <summary>
/// The NFS server's /proc/fs/nfsd/portlist (nfsd(7)): a line "tcp 2049" for each of its sockets, once for IPv4 and once for
/// IPv6, without addresses. "rdma" is no socket.
/// </summary>
/// <param name="Ports">Each protocol and port once, in the order of the file.</param>
/// <param name="Error">What in the file made no sense; null for a sound file.</param>
public sealed record NfsPortList(ImmutableArray<(Protocol Protocol, int Port)> Ports, string? Error)
{
    /// <summary>Reads the file.</summary>
    public static NfsPortList Parse(ReadOnlySpan<char> text)
    {
        ImmutableArray<(Protocol Protocol, int Port)>.Builder ports = ImmutableArray.CreateBuilder<(Protocol Protocol, int Port)>();
        string? error = null;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (line.IsWhiteSpace() || line.StartsWith("rdma ", StringComparison.Ordinal))
            {
                continue;
            }

            int space = line.IndexOf(' ');
            Protocol? protocol = space < 0 ? null : line[..space] switch { "tcp" => Protocol.Tcp, "udp" => Protocol.Udp, _ => null };
            if (protocol is null || PortNumber.Parse(line[space..]) is not int port)
            {
                error ??= "it has a line of another form";
            }
            else if (!ports.Contains((protocol.Value, port)))
            {
                ports.Add((protocol.Value, port));
            }
        }

        return new NfsPortList(ports.ToImmutable(), error);
    }
}
