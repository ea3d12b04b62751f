using System;

namespace Portcullis.Core.Wire.Nft;

/// <summary>Bytes that are added to, for the elements of large sets.</summary>
internal sealed class ByteBag
{
    private byte[] _bytes = [];

    internal int Length { get; private set; }

    internal Span<byte> Span => _bytes.AsSpan(0, Length);

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + bytes.Length, _bytes.Length * 2));
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }
}
