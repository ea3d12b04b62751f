using System;

namespace Portcullis.Os.Linux.Holders;

/// <summary>Numbers as /proc writes them in names and links.</summary>
internal static unsafe class ProcNumber
{
    /// <summary>A process, thread or descriptor: digits only, at most 2^31-1. 0 for anything else, such as "." or "self".</summary>
    internal static int Name(byte* name)
    {
        long number = 0;
        for (; *name != 0; name++)
        {
            int digit = *name - '0';
            if ((uint)digit > 9 || number > int.MaxValue)
            {
                return 0;
            }

            number = (number * 10) + digit;
        }

        return number <= int.MaxValue ? (int)number : 0;
    }

    /// <summary>The inode in a link such as "socket:[12345]" with the given beginning, up to its "["; 0 for any other link.</summary>
    internal static ulong Inode(ReadOnlySpan<byte> link, ReadOnlySpan<byte> beginning)
    {
        if (link.Length <= beginning.Length + 1 || !link.StartsWith(beginning) || link[^1] != (byte)']')
        {
            return 0;
        }

        ulong inode = 0;
        foreach (byte letter in link[beginning.Length..^1])
        {
            int digit = letter - '0';
            if ((uint)digit > 9)
            {
                return 0;
            }

            inode = unchecked((inode * 10) + (uint)digit);
        }

        return inode;
    }

    /// <summary>Writes a number in decimal; gives the place behind it.</summary>
    internal static byte* Write(byte* to, int number)
    {
        byte* digits = stackalloc byte[10];
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + (number % 10));
            number /= 10;
        }
        while (number != 0);
        while (count > 0)
        {
            *to++ = digits[--count];
        }

        return to;
    }

    /// <summary>Writes bytes; gives the place behind them.</summary>
    internal static byte* Write(byte* to, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(to, text.Length));
        return to + text.Length;
    }
}
