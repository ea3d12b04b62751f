using System;
using System.Collections.Generic;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Wire.Nft;

/// <summary>
/// The registers while a rule runs: sixteen words of four bytes, NFT_REG32_00 and on; NFT_REG_1 to NFT_REG_4 are four of them each
/// (enum nft_registers of linux/netfilter/nf_tables.h, nft_parse_register).
/// </summary>
internal sealed class RegisterFile
{
    internal const uint Verdict = 0;

    private const int Words = 16;
    private const int WordLength = 4;
    private const uint FirstWord = 8;

    private readonly RegisterValue?[] _values = new RegisterValue?[Words];
    private readonly int[] _offsets = new int[Words];

    private readonly Dictionary<(PacketField Field, bool IsHostOrder), FieldRegister> _fields = [];

    /// <summary>A field as it is loaded: the same object for the same field, of which most rules have the same few.</summary>
    internal FieldRegister Field(PacketField field, bool isHostOrder)
    {
        if (!_fields.TryGetValue((field, isHostOrder), out FieldRegister? known))
        {
            _fields[(field, isHostOrder)] = known = new FieldRegister(new Operand(field), isHostOrder);
        }

        return known;
    }

    internal void Clear() => Array.Clear(_values);

    /// <summary>Puts a value there; false where there is no such register, or not as much room.</summary>
    internal bool Store(uint? register, RegisterValue value)
    {
        int words = (value.Length + WordLength - 1) / WordLength;
        if (Word(register) is not int word || words == 0 || word + words > Words)
        {
            return false;
        }

        for (int at = 0; at < words; at++)
        {
            _values[word + at] = value;
            _offsets[word + at] = at * WordLength;
        }

        return true;
    }

    /// <summary>What stands there; null where some of it is not known. A value that does not fill its last word is followed by zeros.</summary>
    internal List<RegisterPart>? Read(uint? register, int length)
    {
        if (Word(register) is not int word || length <= 0 || word + ((length + WordLength - 1) / WordLength) > Words)
        {
            return null;
        }

        List<RegisterPart> parts = [];
        for (int at = 0; at < length;)
        {
            int here = word + (at / WordLength);
            if (_values[here] is not RegisterValue value)
            {
                return null;
            }

            int wanted = WordLength;
            for (int next = here + 1; next < Words && at + wanted < length && _values[next] == value && _offsets[next] == _offsets[here] + wanted; next++)
            {
                wanted += WordLength;
            }

            int taken = Math.Min(Math.Min(wanted, length - at), value.Length - _offsets[here]);
            parts.Add(new RegisterPart(value, _offsets[here], taken, at));
            at += wanted;
        }

        return parts;
    }

    private static int? Word(uint? register) => register switch
    {
        >= 1 and <= 4 => (int)(register.Value - 1) * WordLength,
        >= FirstWord and < FirstWord + Words => (int)(register.Value - FirstWord),
        _ => null,
    };
}
