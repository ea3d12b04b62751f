using System;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Packets;

/// <summary>The way to a target: from which address, by which interface, to which card.</summary>
internal sealed record Route
{
    private static readonly TimeSpan s_asking = TimeSpan.FromSeconds(3.2); // the kernel asks three times, a second apart (arp(7))
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(5.2); // and waits before that where it knows a card (delay_first_probe_time)

    private static readonly TimeSpan s_remembered = TimeSpan.FromSeconds(60);

    /// <summary>The address that packets are sent from.</summary>
    internal required IpAddress Source { get; init; }

    /// <summary>The interface's index.</summary>
    internal required int Interface { get; init; }

    /// <summary>Whether the target is this machine.</summary>
    internal required bool IsLocal { get; init; }

    /// <summary>Whether no router stands between.</summary>
    internal required bool IsOnLink { get; init; }

    /// <summary>The router; null for none.</summary>
    internal IpAddress? Gateway { get; init; }

    /// <summary>When the link was asked for the target ahead of time (<see cref="TryAsk"/>), µs; null where it was not.</summary>
    internal long? AskedAt { get; init; }

    /// <summary>Asks the kernel.</summary>
    /// <param name="target">The target.</param>
    /// <param name="link">The interface to leave by, for addresses that mean another host on each; 0 for any.</param>
    /// <exception cref="ProbeException">There is no way.</exception>
    internal static Route To(IpAddress target, int link = 0)
    {
        using NetlinkSocket socket = NetlinkSocket.Open(LibcSockets.NETLINK_ROUTE, out int error) ?? throw new ProbeException($"the kernel refuses to tell the route: {Errno.Text(error)}");
        Answer answer = socket.Dump(RouteAnswer.Request(target, link));
        NetlinkMessages messages = new(answer.Bytes.Span);
        if (answer.Error != 0 || !messages.Next() || !RouteAnswer.TryDecode(messages.Payload, out RouteAnswer route))
        {
            throw new ProbeException($"there is no route to it ({Errno.Text(answer.Error)})");
        }

        if (target.IsAny || route.Type is RouteAnswer.Broadcast or RouteAnswer.Multicast)
        {
            throw new ProbeException(target.IsAny ? "it stands for all addresses, and is none" : "it is the address of many hosts at once, and not of one");
        }

        return new Route
        {
            Source = route.Source ?? throw new ProbeException("the kernel has no address to send from"),
            Interface = route.Interface,
            IsLocal = route.Type == RouteAnswer.Local,
            IsOnLink = route.Gateway is null,
            Gateway = route.Gateway,
        };
    }

    /// <summary>Has the link asked for the target, and does not wait; tells whether it is asked, or has answered.</summary>
    internal bool TryAsk(IpAddress target)
    {
        if (IsLocal || Gateway is not null || !NeighbourTable.IsAsked(Interface))
        {
            return false;
        }

        NeighbourEntry? known = NeighbourTable.Find(Interface, target);
        if (known is not ({ IsConfirmed: true } or { IsFixed: true }) && !NeighbourTable.TryAsk(Interface, target, isKnown: known is { Card.Length: > 0 }))
        {
            NeighbourTable.Need(Interface, target);
        }

        return NeighbourTable.Find(Interface, target) is not null;
    }

    /// <summary>The card that packets to the target are handed to; empty where the link has no such addresses.</summary>
    /// <exception cref="ProbeException">Nobody on the link answers for it.</exception>
    internal byte[] Neighbour(IpAddress target)
    {
        IpAddress next = Gateway ?? target;
        long start = Clock.Now;
        bool isAsked = false;
        if (AskedAt is long askedAt && start - askedAt < s_remembered.TotalMicroseconds)
        {
            // Where many are asked for, the kernel soon forgets those that did not answer (gc_thresh1, arp(7)).
            isAsked = NeighbourTable.Find(Interface, next) is not null;
            if (!isAsked && start - askedAt > s_asking.TotalMicroseconds)
            {
                throw Nobody(next);
            }
        }

        bool isSeen = isAsked;
        while (true)
        {
            NeighbourEntry? known = NeighbourTable.Find(Interface, next);
            isSeen |= known is not null;
            if (known is { Card.Length: > 0 } entry)
            {
                // A card that is known from before may be that of a host that is long gone; who may not have it asked for: IsVouchedFor.
                // Once it was asked and is so no more, it has answered: that it did so may be of before again within milliseconds.
                if (entry.IsConfirmed || entry.IsFixed || (isAsked ? !entry.IsBeingAsked : !NeighbourTable.TryAsk(Interface, next, isKnown: true)))
                {
                    return entry.Card.ToArray();
                }

                isAsked = true;
            }
            else if (!isAsked)
            {
                if (!NeighbourTable.IsAsked(Interface))
                {
                    return [];
                }

                isAsked = true;
                if (!NeighbourTable.TryAsk(Interface, next, isKnown: false))
                {
                    NeighbourTable.Need(Interface, target);
                }
            }
            else if (known is { HasFailed: true })
            {
                throw Nobody(next);
            }

            if (Clock.Now - start > s_asking.TotalMicroseconds)
            {
                throw !isSeen ? new ProbeException($"this machine does not ask which card {next} has: its own firewall may let nothing out") : Nobody(next);
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>
    /// Whether a host that answers nothing answers at least for its address, so that its silence is its own: asked anew, since what
    /// was known may be of before.
    /// </summary>
    /// <exception cref="ProbeException">Nobody on the link answers for it.</exception>
    internal bool IsVouchedFor(IpAddress target)
    {
        if (IsLocal || Gateway is not null || !NeighbourTable.IsAsked(Interface))
        {
            return IsLocal;
        }

        long start = Clock.Now;
        NeighbourEntry? known = NeighbourTable.Find(Interface, target);
        bool isAtOnce = known is not { IsFixed: true } && NeighbourTable.TryAsk(Interface, target, isKnown: known is { Card.Length: > 0 });
        if (!isAtOnce && known is not { IsConfirmed: true })
        {
            NeighbourTable.Need(Interface, target);
        }

        // Connections that are still being tried have the kernel ask again as soon as it has given up: a card that is lost is as good as
        // its giving up, which may be over in a moment.
        bool hadCard = known is { Card.Length: > 0 };
        TimeSpan patience = isAtOnce || !hadCard ? s_asking : s_asking + s_delay;
        while (Clock.Now - start < patience.TotalMicroseconds)
        {
            known = NeighbourTable.Find(Interface, target);
            if (known is { IsFixed: true } or { IsConfirmed: true } || (isAtOnce && known is { IsBeingAsked: false, Card.Length: > 0 }))
            {
                return known is { IsFixed: false }; // that it was written down says nothing of now
            }

            if (known is { HasFailed: true } || (hadCard && known is { Card.Length: 0 }))
            {
                throw Nobody(target);
            }

            hadCard |= known is { Card.Length: > 0 };
            Thread.Sleep(1);
        }

        return known is { Card.Length: 0 } ? throw Nobody(target) : false;
    }

    private static ProbeException Nobody(IpAddress address) => new($"no host on the link answers for {address} (ARP or neighbour discovery)");
}
