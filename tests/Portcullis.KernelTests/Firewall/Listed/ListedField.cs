using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <summary>What an expression of libnftables-json(5) looks at.</summary>
/// <param name="Field">The field; of no meaning where there is a <see cref="Chance"/>.</param>
/// <param name="Kind">How its values are written.</param>
internal sealed record ListedField(PacketField Field, ListedKind Kind)
{
    /// <summary>What must hold for the packet to have the field, which nft leaves out of the listing where it can.</summary>
    internal ImmutableArray<MatchStep> Needs { get; init; } = [];

    internal ImmutableArray<byte> Mask { get; init; } = [];

    internal ImmutableArray<byte> Xor { get; init; } = [];

    /// <summary>Why its value can't be foreseen; null where it can.</summary>
    internal string? Chance { get; init; }

    internal Operand Operand => new(Field, Mask, Xor);

    /// <summary>The field with a constant put to it by "&amp;", "|" or "^"; null where that is not understood.</summary>
    internal ListedField? With(string operation, JsonElement constant)
    {
        if (Chance is not null)
        {
            return this;
        }

        if (Kind.Shift != 0 || Kind.Bytes(constant) is not byte[] bits || operation is not ("&" or "|" or "^"))
        {
            return null;
        }

        byte[] mask = Mask.IsEmpty ? [.. Enumerable.Repeat((byte)0xff, Kind.Length)] : [.. Mask];
        byte[] xor = Xor.IsEmpty ? new byte[Kind.Length] : [.. Xor];
        for (int at = 0; at < bits.Length; at++)
        {
            byte kept = operation switch { "&" => bits[at], "|" => (byte)~bits[at], _ => 0xff };
            mask[at] &= kept;
            xor[at] = (byte)((xor[at] & kept) ^ (operation == "&" ? 0 : bits[at]));
        }

        return this with { Mask = [.. mask], Xor = [.. xor] };
    }

    /// <summary>A step that holds where the field, as it is masked, lies in a range.</summary>
    internal MatchStep In(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, bool negated) => new(Operand, [new ByteRange([.. first], [.. last])], negated);
}
