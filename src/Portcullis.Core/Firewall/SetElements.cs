using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>The keys of a set's elements.</summary>
internal static class SetElements
{
    /// <summary>The least key of an element.</summary>
    internal static ImmutableArray<byte> First(FirewallSet set, int element) => set.Keys.Slice(2 * element * set.KeyLength, set.KeyLength);

    /// <summary>The greatest key of an element.</summary>
    internal static ImmutableArray<byte> Last(FirewallSet set, int element) => set.Keys.Slice(((2 * element) + 1) * set.KeyLength, set.KeyLength);

    /// <summary>The bytes that a part takes in a key of several parts: registers are of four bytes.</summary>
    internal static int Padded(int length, int parts) => parts == 1 ? length : (length + 3) & ~3;

    /// <summary>The length of a key.</summary>
    internal static int PaddedLength(ImmutableArray<Operand> key) => key.Sum(part => Padded(part.Field.Length, key.Length));
}
