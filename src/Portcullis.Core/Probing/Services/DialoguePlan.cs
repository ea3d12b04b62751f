using System.Collections.Generic;

namespace Portcullis.Core.Probing.Services;

/// <summary>Which protocols are still to be asked, in which order: each once for a layer, those that something hints at first.</summary>
internal sealed class DialoguePlan
{
    private readonly LinkedList<IServiceProtocol> _waiting = [];
    private readonly HashSet<IServiceProtocol> _suspects = [];
    private readonly HashSet<IServiceProtocol> _taken = [];

    /// <summary>All questions for a port: of those usual there first.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <param name="isInside">Whether they are asked inside TLS, which does not carry itself.</param>
    public DialoguePlan(int port, bool isInside)
    {
        LinkedListNode<IServiceProtocol>? lastHint = null;
        foreach (IServiceProtocol protocol in ServiceProtocols.All)
        {
            bool isUsual = protocol.Ports.Contains(port);
            HasGreeter |= isUsual && IsGreeter(protocol);
            if (IsGreeter(protocol) || (isInside && protocol == ServiceProtocols.Tls) || (!isUsual && ServiceProtocols.IsAskedOnlyOnHint(protocol)))
            {
                continue;
            }

            if (isUsual)
            {
                lastHint = lastHint is null ? _waiting.AddFirst(protocol) : _waiting.AddAfter(lastHint, protocol);
                _suspects.Add(protocol);
            }
            else
            {
                _waiting.AddLast(protocol);
            }
        }
    }

    /// <summary>Whether a service that speaks first is usual on this port.</summary>
    public bool HasGreeter { get; }

    /// <summary>Whether all were asked.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Whether any is waiting that something hints at.</summary>
    public bool HasSuspects
    {
        get
        {
            foreach (IServiceProtocol protocol in _waiting)
            {
                if (_suspects.Contains(protocol))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether the port or an answer hints at that protocol.</summary>
    public bool IsSuspect(IServiceProtocol protocol) => _suspects.Contains(protocol);

    /// <summary>Something hints at this one: it is next, unless it was asked already.</summary>
    public void Suspect(IServiceProtocol protocol)
    {
        if (!_taken.Contains(protocol) && _suspects.Add(protocol))
        {
            _waiting.Remove(protocol);
            _waiting.AddFirst(protocol);
        }
    }

    /// <summary>Forgets all that nothing hints at.</summary>
    public void KeepSuspects() => Keep(0);

    /// <summary>Forgets all that nothing hints at, but for some of the likeliest.</summary>
    public void Keep(int others)
    {
        LinkedListNode<IServiceProtocol>? next;
        for (LinkedListNode<IServiceProtocol>? node = _waiting.First; node is not null; node = next)
        {
            next = node.Next;
            if (!_suspects.Contains(node.Value) && others-- <= 0)
            {
                _waiting.Remove(node);
            }
        }
    }

    /// <summary>Takes the next; null where all were asked.</summary>
    public IServiceProtocol? Take()
    {
        if (_waiting.First is not { Value: IServiceProtocol next } first)
        {
            return null;
        }

        _waiting.Remove(first);
        _taken.Add(next);
        return next;
    }

    /// <summary>Whether a protocol's services speak first.</summary>
    public static bool IsGreeter(IServiceProtocol protocol) => protocol.Question("").Length == 0;
}
