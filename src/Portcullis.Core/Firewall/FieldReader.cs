using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>Says what stands in a field of the packets of one arrival: which bytes are known, which the sender chooses.</summary>
internal sealed class FieldReader(Arrival arrival, Layout layout)
{
    // linux/netfilter/nf_conntrack_common.h, NF_CT_STATE_BIT and the like
    private const uint StateInvalid = 1;
    private const uint StateNew = 8;
    private const uint StateUntracked = 64;
    private const uint StatusDestinationTranslated = 1 << 5;

    private const uint StatusSourceTranslated = 1 << 4;

    // What a first packet cannot have yet: expected, seen-reply, assured, confirmed, dying.
    private const uint StatusKnown = StatusDestinationTranslated | StatusSourceTranslated | 1 | 2 | 4 | 8 | (1 << 9);

    private readonly HeaderField[] _network = HeaderField.OfNetwork(arrival);
    private readonly HeaderField[] _transport = HeaderField.OfTransport(arrival);

    /// <summary>The interface by which it will leave; null where it does not, or where that is not known.</summary>
    internal NetworkInterface? Leaving { get; init; }

    /// <summary>Whether it is about to leave, perhaps by an interface that is not known.</summary>
    internal bool IsLeaving { get; init; }

    private readonly Dictionary<PacketField, ImmutableArray<Piece>?> _read = [];
    private PacketState? _readOf;

    /// <summary>The pieces of a field, in order; null where the packets have no such field, so that no step that asks for it holds.</summary>
    /// <param name="field">The field.</param>
    /// <param name="state">What rules have changed so far.</param>
    /// <param name="mask">The bits that are wanted; empty for all.</param>
    internal ImmutableArray<Piece>? Read(PacketField field, PacketState state, ImmutableArray<byte> mask)
    {
        if (!mask.IsEmpty && field.Source == FieldSource.Connection)
        {
            return Pieces(field, state, mask);
        }

        // Of ten thousand rules nearly all ask for the same few fields of the same packets.
        if (!ReferenceEquals(state, _readOf))
        {
            _read.Clear();
            _readOf = state;
        }

        if (!_read.TryGetValue(field, out ImmutableArray<Piece>? pieces))
        {
            _read[field] = pieces = Pieces(field, state, mask);
        }

        return pieces;
    }

    private ImmutableArray<Piece>? Pieces(PacketField field, PacketState state, ImmutableArray<byte> mask) => field.Source switch
    {
        FieldSource.NetworkHeader => Slice(_network, field, state),
        FieldSource.TransportHeader => Slice(_transport, field, state),
        _ when field is not { Name: "mark" } && state.ChangeOf(field) is { Stamp: int stamp } && !(field.Source == FieldSource.Connection && state.Tracking != Tracking.New) =>
            [Piece.Unknowable(field.Length, FieldText.Of(field) + " as a rule has set it", stamp)],
        _ when arrival.IsEveryPacket && field.Name is not ("l4proto" or "nfproto" or "protocol" or "mark") => [Piece.Unknowable(field.Length, FieldText.Of(field))],
        FieldSource.Meta => [Meta(field, state)],
        FieldSource.Connection => Connection(field, state, mask),
        FieldSource.Route => [Route(field, state)],
        _ => [Piece.Unknowable(field.Length, FieldText.Of(field))],
    };

    private ImmutableArray<Piece> Slice(HeaderField[] fields, PacketField wanted, PacketState state)
    {
        ImmutableArray<Piece>.Builder pieces = ImmutableArray.CreateBuilder<Piece>();
        int at = wanted.Offset;
        int end = wanted.Offset + wanted.Length;
        while (at < end)
        {
            HeaderField? field = Array.Find(fields, one => at >= one.Offset && at < one.Offset + one.Length);
            int next = field is null ? Array.FindAll(fields, one => one.Offset > at).Select(one => one.Offset).Append(end).Min() : field.Offset + field.Length;
            int length = Math.Min(end, next) - at;
            PacketField part = new(wanted.Source, "", at, length);
            pieces.Add(state.ChangeOf(part) is { Stamp: int stamp } && !IsDestination(field) ? Piece.Unknowable(length, FieldText.Of(part) + " as a rule has set it", stamp)
                : field is null ? Other(wanted.Source, at, length)
                : Part(field, at - field.Offset, length, state, wanted.Source));
            at += length;
        }

        return pieces.ToImmutable();
    }

    private Piece Other(FieldSource source, int offset, int length)
    {
        string text = FieldText.Of(new PacketField(source, "", offset, length));
        return length <= 8 ? new Piece(length, default, layout.RankOfField(text), length, 0, null) : Piece.Unknowable(length, text);
    }

    private Piece Part(HeaderField field, int skip, int length, PacketState state, FieldSource source)
    {
        if (field.Known is byte known)
        {
            return Piece.Of([known]);
        }

        if (field.Fixed is FixedBits set)
        {
            return new Piece(1, default, layout.TakeRankOfFlags(FieldText.Of(new PacketField(source, "", field.Offset, 1))), 1, 0, null) { Fixed = set };
        }

        if (field.Dimension is not PacketDimension dimension)
        {
            return Other(source, field.Offset + skip, length);
        }

        DestinationValue? written = dimension switch
        {
            PacketDimension.DestinationHigh or PacketDimension.DestinationLow => state.Address,
            PacketDimension.DestinationPort => state.Port,
            _ => null,
        };
        if (written is not null)
        {
            int from = skip + (dimension == PacketDimension.DestinationLow && field.Length == 8 ? 8 : 0);
            return written.Bytes.Length >= from + length ? Piece.Of(written.Bytes.Slice(from, length)) : Piece.Unknowable(length, written.Text, written.Stamp + 1_000_000);
        }

        return new Piece(length, default, layout.RankOf(dimension), field.Length, skip, null);
    }

    /// <summary>Whether its changes are kept on their own (<see cref="PacketState.Address"/>, <see cref="PacketState.Port"/>).</summary>
    private static bool IsDestination(HeaderField? field) =>
        field?.Dimension is PacketDimension.DestinationHigh or PacketDimension.DestinationLow or PacketDimension.DestinationPort;

    private Piece Meta(PacketField field, PacketState state)
    {
        bool isV4 = arrival.Version == IpVersion.V4;
        ImmutableArray<byte>? known = field.Name switch
        {
            "l4proto" => [arrival.Protocol],
            "nfproto" => [(byte)(isV4 ? 2 : 10)],
            "protocol" => isV4 ? [0x08, 0x00] : [0x86, 0xdd], // ETH_P_IP, ETH_P_IPV6
            "iifname" => NameOf(arrival.Interface),
            "iif" => Number((uint)arrival.Interface.Index),
            "oifname" when !IsLeaving || Leaving is not null => NameOf(Leaving),
            "oif" when !IsLeaving || Leaving is not null => Number((uint)(Leaving?.Index ?? 0)),
            "mark" when state.Mark is uint mark => Number(mark),
            "pkttype" when !arrival.IsToGroup => [0], // PACKET_HOST (linux/if_packet.h); else multicast or broadcast
            _ => null,
        };
        return known is { } bytes ? Piece.Of(bytes) : Piece.Unknowable(field.Length, FieldText.Of(field), field.Name == "mark" ? state.MarkStamp : 0);
    }

    private ImmutableArray<Piece>? Connection(PacketField field, PacketState state, ImmutableArray<byte> mask)
    {
        if (state.Tracking != Tracking.New && field.Name != "state")
        {
            return null; // nft_ct.c: without a connection nothing but its state can be asked
        }

        // nft_ct.c: a connection of the other version has no such address.
        if (field.Name.StartsWith(arrival.Version == IpVersion.V4 ? "original ip6 " : "original ip ", StringComparison.Ordinal))
        {
            return null;
        }

        // Of ICMP the source of a tuple is the identifier, the destination type and code (nf_conntrack_tuple.h).
        PacketField? header = field.Name switch
        {
            "original saddr" or "original ip saddr" or "original ip6 saddr" => SourceOf(field.Length),
            "original daddr" or "original ip daddr" or "original ip6 daddr" => Destination(field),
            "original proto-src" => new PacketField(FieldSource.TransportHeader, "", arrival.IsIcmp ? 4 : 0, 2),
            "original proto-dst" => new PacketField(FieldSource.TransportHeader, "", arrival.IsIcmp ? 0 : 2, 2),
            _ => null,
        };
        if (header is not null)
        {
            return state.IsOriginalChanged ? [Piece.Unknowable(field.Length, FieldText.Of(field))] : Slice(header.Source == FieldSource.NetworkHeader ? _network : _transport, header, state with { Address = null, Port = null, Changed = [] });
        }

        ImmutableArray<byte>? known = field.Name switch
        {
            "state" => Number(state.Tracking switch { Tracking.New => StateNew, Tracking.Untracked => StateUntracked, _ => StateInvalid }),
            "status" when mask.Length == 4 && (BinaryPrimitives.ReadUInt32BigEndian(mask.AsSpan()) & ~StatusOf(state)) == 0 => Number(state.IsMoved == true ? StatusDestinationTranslated : 0),
            "mark" when state.ConnectionMark is uint mark => Number(mark),
            "direction" => [0], // IP_CT_DIR_ORIGINAL
            "original protocol" or "protocol" => [arrival.Protocol],
            "original l3proto" or "l3proto" => [(byte)(arrival.Version == IpVersion.V4 ? 2 : 10)],
            _ => null,
        };
        return [known is { } bytes ? Piece.Of(bytes) : Piece.Unknowable(field.Length, FieldText.Of(field), field.Name == "mark" ? state.ConnectionMarkStamp : 0)];
    }

    /// <summary>The bits of its status that are known.</summary>
    private static uint StatusOf(PacketState state) =>
        StatusKnown & ~(state.IsMoved is null ? StatusDestinationTranslated : 0) & ~(state.IsSourceTranslated ? StatusSourceTranslated : 0);

    private Piece Route(PacketField field, PacketState state)
    {
        // The type of the destination is asked of each class of addresses by AddressTypes; one that a rule wrote is known here.
        return field.Name == "daddr type" && state.Address is { IsOwn: true } ? Piece.Of(Number(AddressTypes.Local))
            : field.Name == "daddr type" && state.Address is { Bytes.Length: > 0 } written ? Piece.Of(Number(AddressTypes.Of(written.Bytes.AsSpan(), arrival)))
            : state.Address is { } other ? Piece.Unknowable(field.Length, $"{FieldText.Of(field)} of {other.Text}", other.Stamp)
            : Piece.Unknowable(field.Length, FieldText.Of(field));
    }

    /// <summary>Where the source stands.</summary>
    internal PacketField Source => SourceOf(arrival.Version == IpVersion.V4 ? 4 : 16);

    private PacketField SourceOf(int length) => new(FieldSource.NetworkHeader, "", arrival.Version == IpVersion.V4 ? 12 : 8, length);

    private PacketField Destination(PacketField field) => new(FieldSource.NetworkHeader, "", arrival.Version == IpVersion.V4 ? 16 : 24, field.Length);

    private static ImmutableArray<byte> NameOf(NetworkInterface? one)
    {
        byte[] name = new byte[16]; // IFNAMSIZ, padded with zeros
        Encoding.UTF8.TryGetBytes(one?.Name ?? "", name.AsSpan(0, 15), out _);
        return ImmutableArray.Create(name);
    }

    private static ImmutableArray<byte> Number(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return ImmutableArray.Create(bytes);
    }
}
