using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using Portcullis.Core.Analysis;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Probing;
using Portcullis.Os.Linux.Dialogues;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Packets;

/// <summary>Opens the ways to probe other hosts from a Linux machine.</summary>
internal sealed class ProbeDoors : IProbeDoors
{
    private readonly SipHash _hash;
    private readonly Dictionary<(IpAddress Target, int Link), long> _askedAt = []; // µs

    /// <summary>Makes one with a key of its own.</summary>
    internal ProbeDoors()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        _hash = new SipHash(key);
    }

    /// <inheritdoc/>
    public bool HasRawPackets(out string why)
    {
        int descriptor = PacketSockets.Open();
        why = descriptor >= 0 ? "" : Errno.Last == Errno.EPERM ? Environment.IsPrivilegedProcess ? "CAP_NET_RAW is missing, though root" : "not root" : Errno.Text(Errno.Last);
        if (descriptor < 0)
        {
            return false;
        }

        PacketSockets.Close(descriptor);
        return true;
    }

    /// <inheritdoc/>
    public bool IsThisMachine(IpAddress address)
    {
        if (AddressScope.Of(address, boundTo: null) == Scope.Loopback)
        {
            return true; // also where the loopback interface is down, so that no route says so
        }

        try
        {
            return Route.To(address).IsLocal;
        }
        catch (ProbeException)
        {
            return false; // no way there: it is told when it is probed
        }
    }

    /// <inheritdoc/>
    public void AskAhead(IpAddress target, int link)
    {
        try
        {
            if (Route.To(target, link).TryAsk(target))
            {
                _askedAt[(target, link)] = Clock.Now;
            }
        }
        catch (ProbeException)
        {
            // no way there: it is told when it is probed
        }
    }

    /// <inheritdoc/>
    public IProbeDoor Open(IpAddress target, int link, ProbeKind kind, ImmutableArray<ushort> asked)
    {
        Route route = Route.To(target, link) with { AskedAt = _askedAt.TryGetValue((target, link), out long askedAt) ? askedAt : null };
        return kind switch
        {
            ProbeKind.Syn => SynDoor.Open(target, route, _hash, asked),
            ProbeKind.Connect => ConnectDoor.Open(target, route, asked),
            _ => UdpDoor.Open(target, route),
        };
    }

    /// <inheritdoc/>
    public ImmutableArray<DialogueResult?> Identify(
        IpAddress target, int link, string? host, IReadOnlyList<(Protocol Protocol, ushort Port)> ports, Action<int>? progress, CancellationToken cancellation)
    {
        Span<byte> bytes = stackalloc byte[16];
        IPAddress address = new(bytes[..target.WriteNetworkOrder(bytes)]);
        if (address.IsIPv6LinkLocal)
        {
            address.ScopeId = Route.To(target, link).Interface; // such an address is another host's on every link
        }

        int done = 0;
        return Identifier.Identify([.. ports.Select(one => new IdentifyTarget(address, one.Protocol, one.Port, host))], new IdentifyOptions(), (_, _) => progress?.Invoke(++done), cancellation).GetAwaiter().GetResult();
    }
}
