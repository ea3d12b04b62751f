using System;

namespace Portcullis.Core.Wire.Ipset;

/// <summary>What is told of one element; empty for what is not.</summary>
internal ref struct IpsetElement
{
    internal ReadOnlySpan<byte> First;
    internal ReadOnlySpan<byte> Last;
    internal ReadOnlySpan<byte> Prefix;
    internal ReadOnlySpan<byte> First2;
    internal ReadOnlySpan<byte> Last2;
    internal ReadOnlySpan<byte> Prefix2;
    internal ReadOnlySpan<byte> Port;
    internal ReadOnlySpan<byte> PortTo;
    internal ReadOnlySpan<byte> Protocol;
    internal ReadOnlySpan<byte> Mark;
    internal ReadOnlySpan<byte> Interface;
    internal uint Flags;
}
