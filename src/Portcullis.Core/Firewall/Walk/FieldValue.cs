namespace Portcullis.Core.Firewall.Walk;

/// <summary>What stands in a field: bytes, or nothing because this packet has no such field, or something that is not known.</summary>
/// <param name="Bytes">The bytes; null for the other two.</param>
/// <param name="Unknown">What it is that is not known; null where it is known or missing.</param>
/// <param name="Stamp">Tells apart what is not known for different reasons.</param>
internal readonly record struct FieldValue(byte[]? Bytes, string? Unknown, int Stamp)
{
    internal static FieldValue Missing => default;

    internal bool IsMissing => Bytes is null && Unknown is null;

    internal static FieldValue Of(byte[] bytes) => new(bytes, null, 0);

    internal static FieldValue NotKnown(string text, int stamp = 0) => new(null, text, stamp);
}
