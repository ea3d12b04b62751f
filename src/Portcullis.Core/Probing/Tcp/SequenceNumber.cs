using System;
using System.Globalization;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>A TCP sequence number: 32 bits that wrap, compared within half of their circle (RFC 9293, 3.4).</summary>
/// <remarks>No operation fails, whatever a peer sends: two numbers exactly half a circle apart are simply each before the other.</remarks>
/// <param name="Value">The number as it stands in a header.</param>
public readonly record struct SequenceNumber(uint Value)
{
    /// <summary>The number so many bytes further on.</summary>
    public static SequenceNumber operator +(SequenceNumber from, int bytes) => new(unchecked(from.Value + (uint)bytes));

    /// <summary>How many bytes the left is behind the right on the circle; negative where it is before it.</summary>
    public static int operator -(SequenceNumber left, SequenceNumber right) => unchecked((int)(left.Value - right.Value));

    /// <summary>Whether the left comes before the right.</summary>
    public static bool operator <(SequenceNumber left, SequenceNumber right) => left - right < 0;

    /// <summary>Whether the left comes after the right.</summary>
    public static bool operator >(SequenceNumber left, SequenceNumber right) => left - right > 0;

    /// <summary>Whether the left does not come after the right.</summary>
    public static bool operator <=(SequenceNumber left, SequenceNumber right) => left - right <= 0;

    /// <summary>Whether the left does not come before the right.</summary>
    public static bool operator >=(SequenceNumber left, SequenceNumber right) => left - right >= 0;

    /// <summary>The later of two.</summary>
    public static SequenceNumber Later(SequenceNumber one, SequenceNumber other) => one >= other ? one : other;

    /// <summary>Whether it lies in the window that begins at <paramref name="start"/>.</summary>
    /// <param name="start">The first number of the window.</param>
    /// <param name="length">How many numbers it has, 0 or more.</param>
    public bool IsIn(SequenceNumber start, int length) => unchecked(Value - start.Value) < (uint)Math.Max(length, 0);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
