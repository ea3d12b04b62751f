using System;
using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Core.Firewall.Walk;

/// <summary>A packet on its way: its bytes, and what the kernel keeps of it.</summary>
internal sealed class WalkingPacket
{
    private readonly byte[] _network;
    private readonly byte[] _transport;
    private readonly int[] _networkStamps;
    private readonly int[] _transportStamps;
    private readonly Dictionary<string, int> _written = new(StringComparer.Ordinal);
    private int _stamp;

    internal WalkingPacket(FirstPacket packet)
    {
        Sent = packet;
        Original = packet;
        _network = [.. packet.Network];
        _transport = [.. packet.Transport];
        _networkStamps = new int[_network.Length];
        _transportStamps = new int[_transport.Length];
    }

    /// <summary>As it was sent.</summary>
    internal FirstPacket Sent { get; }

    /// <summary>As it was when its connection began to be tracked; null where something in it was not known then.</summary>
    internal FirstPacket? Original { get; private set; }

    internal ConnectionView Connection { get; private set; }

    internal byte[]? Mark { get; set; } = new byte[4];

    internal byte[]? ConnectionMark { get; set; } = new byte[4];

    /// <summary>Tells one unknown mark from the next.</summary>
    internal int MarkStamp { get; private set; }

    internal int ConnectionMarkStamp { get; private set; }

    internal bool HasNewDestination { get; private set; }

    /// <summary>Whether its destination was translated, perhaps to what it was before (IPS_DST_NAT_DONE).</summary>
    internal bool IsDestinationTranslated { get; set; }

    /// <summary>Whether it became another by that (IPS_DST_NAT); null where that is not known.</summary>
    internal bool? HasMoved { get; set; } = false;

    internal bool IsSourceTranslated { get; set; }

    /// <summary>Whether its new destination is this host, though by which address is not known.</summary>
    internal bool IsForThisHost { get; set; }

    /// <summary>Connection tracking sees the packet.</summary>
    internal void Track(ConnectionView view)
    {
        Connection = view;
        bool isKnown = _networkStamps.All(one => one == 0) && _transportStamps.All(one => one == 0);
        Original = isKnown ? new FirstPacket { Network = [.. _network], Transport = [.. _transport] } : null;
    }

    internal void Untrack() => Connection = Connection == ConnectionView.None ? ConnectionView.Untracked : Connection;

    internal FieldValue Read(bool isTransport, int offset, int length, string text)
    {
        byte[] bytes = isTransport ? _transport : _network;
        int[] stamps = isTransport ? _transportStamps : _networkStamps;
        if (offset < 0 || offset + length > bytes.Length)
        {
            return FieldValue.NotKnown(text + " behind the header"); // options or data, which a first packet may have
        }

        int stamp = stamps.AsSpan(offset, length).IndexOfAnyExcept(0);
        return stamp >= 0 ? FieldValue.NotKnown(text, stamps[offset + stamp]) : FieldValue.Of(bytes[offset..(offset + length)]);
    }

    /// <summary>Writes bytes of a header; null for some that are not known.</summary>
    internal void Write(bool isTransport, int offset, int length, byte[]? value)
    {
        byte[] bytes = isTransport ? _transport : _network;
        int[] stamps = isTransport ? _transportStamps : _networkStamps;
        int stamp = value is null ? ++_stamp : 0;
        for (int at = 0; at < length && offset + at < bytes.Length; at++)
        {
            bytes[offset + at] = value is not null && at < value.Length ? value[at] : (byte)0;
            stamps[offset + at] = stamp;
        }

        (int first, int end) = _network.Length == 20 ? (16, 20) : (24, 40);
        bool isDestination = !isTransport && offset < end && offset + length > first;
        HasNewDestination |= isDestination;
        IsForThisHost &= !isDestination;
    }

    internal void SetMark(byte[]? value) => (Mark, MarkStamp) = (value, ++_stamp);

    internal void SetConnectionMark(byte[]? value) => (ConnectionMark, ConnectionMarkStamp) = (value, ++_stamp);

    /// <summary>Something else was written of which only that is kept.</summary>
    internal void Note(string field) => _written[field] = ++_stamp;

    /// <summary>When it was written last; 0 for never.</summary>
    internal int StampOf(string field) => _written.GetValueOrDefault(field);
}
