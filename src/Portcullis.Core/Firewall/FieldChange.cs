using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>A field that a rule has written: what stands in it now is not kept.</summary>
/// <param name="Field">The field.</param>
/// <param name="Stamp">Tells one change from the next.</param>
public sealed record FieldChange(PacketField Field, int Stamp)
{
    /// <summary>Whether another field has something in common with it.</summary>
    public bool Touches(PacketField other) => Field.Source == other.Source && Field.Name == other.Name
        && (Field.Source is not (FieldSource.NetworkHeader or FieldSource.TransportHeader or FieldSource.LinkHeader)
            || (other.Offset < Field.Offset + Field.Length && Field.Offset < other.Offset + other.Length));
}
