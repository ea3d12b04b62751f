using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Portcullis.Core.Model;

/// <summary>A set of ports, 0 to 65,535: one bit for each.</summary>
public sealed class PortSet
{
    private const int Bits = 64;

    private readonly ulong[] _words = new ulong[65_536 / Bits];

    /// <summary>Adds a port.</summary>
    public void Add(ushort port) => _words[port / Bits] |= 1UL << (port % Bits);

    /// <summary>Adds all ports from one to another, both included.</summary>
    public void Add(ushort first, ushort last)
    {
        for (int port = first; port <= last; port++)
        {
            Add((ushort)port);
        }
    }

    /// <summary>The ports, sorted.</summary>
    public ImmutableArray<ushort> InOrder()
    {
        int count = 0;
        foreach (ulong word in _words)
        {
            count += BitOperations.PopCount(word);
        }

        ushort[] ports = new ushort[count];
        int at = 0;
        for (int index = 0; index < _words.Length; index++)
        {
            for (ulong left = _words[index]; left != 0; left &= left - 1)
            {
                ports[at++] = (ushort)((index * Bits) + BitOperations.TrailingZeroCount(left));
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(ports);
    }
}
