using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Tests.Firewall;

/// <summary>Short words for the nouns of rules.</summary>
internal static class Fields
{
    internal static readonly PacketField SourcePort = new(FieldSource.TransportHeader, "", 0, 2);
    internal static readonly PacketField Port = new(FieldSource.TransportHeader, "", 2, 2);
    internal static readonly PacketField IcmpType = new(FieldSource.TransportHeader, "", 0, 1);
    internal static readonly PacketField TcpFlags = new(FieldSource.TransportHeader, "", 13, 1);
    internal static readonly PacketField Ttl = new(FieldSource.NetworkHeader, "", 8, 1);
    internal static readonly PacketField Protocol = new(FieldSource.Meta, "l4proto", 0, 1);
    internal static readonly PacketField Version = new(FieldSource.Meta, "nfproto", 0, 1);
    internal static readonly PacketField Mark = new(FieldSource.Meta, "mark", 0, 4);
    internal static readonly PacketField InterfaceName = new(FieldSource.Meta, "iifname", 0, 16);
    internal static readonly PacketField LeavingName = new(FieldSource.Meta, "oifname", 0, 16);
    internal static readonly PacketField State = new(FieldSource.Connection, "state", 0, 4);
    internal static readonly PacketField Status = new(FieldSource.Connection, "status", 0, 4);
    internal static readonly PacketField ConnectionMark = new(FieldSource.Connection, "mark", 0, 4);
    internal static readonly PacketField OriginalPort = new(FieldSource.Connection, "original proto-dst", 0, 2);
    internal static readonly PacketField DestinationType = new(FieldSource.Route, "daddr type", 0, 4);
    internal static readonly PacketField User = new(FieldSource.Meta, "skuid", 0, 4);

    internal static PacketField Source(IpVersion version) => version == IpVersion.V4 ? new(FieldSource.NetworkHeader, "", 12, 4) : new(FieldSource.NetworkHeader, "", 8, 16);

    internal static PacketField Destination(IpVersion version) => version == IpVersion.V4 ? new(FieldSource.NetworkHeader, "", 16, 4) : new(FieldSource.NetworkHeader, "", 24, 16);

    internal static ImmutableArray<byte> Bytes(ulong number, int length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return [.. bytes[(8 - length)..]];
    }

    internal static ImmutableArray<byte> Bytes(IpAddress address) => address.Version == IpVersion.V4 ? Bytes(address.Low, 4) : [.. Bytes(address.High, 8), .. Bytes(address.Low, 8)];

    internal static ImmutableArray<byte> Bytes(string address) => Bytes(IpAddress.Parse(address));

    internal static ImmutableArray<byte> Name(string name) => [.. Encoding.UTF8.GetBytes(name), .. new byte[16 - name.Length]];

    internal static ByteRange One(ImmutableArray<byte> value) => new(value, value);

    internal static ConstantValue Constant(ImmutableArray<byte> value) => new(value, value);

    internal static MatchStep Is(PacketField field, ulong value) => new(new Operand(field), [One(Bytes(value, field.Length))], false);

    internal static MatchStep IsNot(PacketField field, ulong value) => Is(field, value) with { Negated = true };

    internal static MatchStep Between(PacketField field, ImmutableArray<byte> first, ImmutableArray<byte> last) => new(new Operand(field), [new ByteRange(first, last)], false);

    /// <summary>Any of the bits of a mask, as in "ct state new".</summary>
    internal static MatchStep Any(PacketField field, uint bits) => new(new Operand(field, Bytes(bits, field.Length), []), [One(Bytes(0, field.Length))], true);

    internal static MatchStep Named(string name) => new(new Operand(InterfaceName), [One(Name(name))], false);

    internal static AssignStep Set(PacketField field, ulong value) => new(field, Constant(Bytes(value, field.Length)));

    internal static VerdictStep Accept { get; } = new(new RuleVerdict(VerdictKind.Accept));

    internal static VerdictStep Drop { get; } = new(new RuleVerdict(VerdictKind.Drop));

    internal static VerdictStep Verdict(VerdictKind kind, string? chain = null) => new(new RuleVerdict(kind, chain));

    internal static FirewallRule Rule(params RuleStep[] steps) => new() { Steps = [.. steps] };

    internal static FirewallChain Chain(string name, params FirewallRule[] rules) => new() { Name = name, Rules = [.. rules] };

    internal static FirewallChain Base(string name, HookPoint hook, int priority, bool drops, params FirewallRule[] rules) =>
        Chain(name, rules) with { Hook = new BaseHook(hook, priority, "filter", drops, []) };

    internal static FirewallChain Nat(string name, HookPoint hook, int priority, params FirewallRule[] rules) =>
        Chain(name, rules) with { Hook = new BaseHook(hook, priority, "nat", false, []) };

    internal static FirewallTable Table(TableFamily family, string name, params FirewallChain[] chains) => new() { Family = family, Name = name, Chains = [.. chains] };

    internal static Ruleset Rules(params FirewallTable[] tables) => new() { Tables = [.. tables] };

    /// <summary>A set whose elements are ranges of keys of several parts.</summary>
    internal static FirewallSet Elements(string name, int[] parts, params (ImmutableArray<byte>[] First, ImmutableArray<byte>[] Last)[] elements)
    {
        IEnumerable<byte> keys = elements.SelectMany(one => Key(one.First).Concat(Key(one.Last)));
        return new FirewallSet { Name = name, KeyLength = parts.Length == 1 ? parts[0] : parts.Sum(part => (part + 3) / 4 * 4), Keys = [.. keys] };
    }

    private static IEnumerable<byte> Key(ImmutableArray<byte>[] parts) =>
        parts.Length == 1 ? parts[0] : parts.SelectMany(part => part.Concat(new byte[((part.Length + 3) / 4 * 4) - part.Length]));
}
