using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Model.Rules;

namespace Portcullis.Core.Firewall;

/// <summary>What a packet looks like once its destination is translated.</summary>
internal static class Translation
{
    /// <summary>The state afterwards.</summary>
    /// <param name="step">The translation.</param>
    /// <param name="state">The state before.</param>
    /// <param name="arrival">How the packet came.</param>
    /// <param name="map">The map from which the destination comes; null for none.</param>
    /// <param name="element">The element of the map.</param>
    /// <param name="stamp">Tells this translation from every other.</param>
    internal static PacketState Of(TranslateStep step, PacketState state, Arrival arrival, FirewallSet? map, int element, int stamp)
    {
        if (step.Kind is TranslationKind.Source or TranslationKind.Masquerade)
        {
            // The port may change as well, where another connection has it already (nf_nat_core.c, get_unique_tuple).
            PacketState after = state.With(new FieldChange(Assignment.SourceOf(arrival), stamp)) with { IsSourceTranslated = true };
            return arrival.HasPorts ? after.With(new FieldChange(new PacketField(FieldSource.TransportHeader, "", 0, 2), stamp)) : after;
        }

        bool isOwn = step.Kind == TranslationKind.Redirect;
        DestinationValue? address = isOwn ? Own(arrival) : Value(step.Address, map, element, stamp) ?? state.Address;
        DestinationValue? port = arrival.HasPorts ? Value(step.Port, map, element, stamp) ?? state.Port : state.Port;
        bool isKnown = (step.Address is null && !isOwn) || address is { Bytes.IsEmpty: false };
        isKnown &= step.Port is null || !arrival.HasPorts || port is { Bytes.IsEmpty: false };
        return state with { Address = address, Port = port, IsTranslated = true, IsMoved = isKnown ? true : null };
    }

    /// <summary>Whether a translation is meant for packets of a version; of others nft_nat_inet_eval takes no notice.</summary>
    internal static bool IsFor(TranslateStep step, IpVersion version)
    {
        int? length = step.Address switch
        {
            ConstantValue constant => constant.First.Length,
            MappedValue mapped => mapped.Length,
            ComputedValue computed => computed.Operand.Field.Length,
            _ => null,
        };
        return length is null || length == (version == IpVersion.V4 ? 4 : 16);
    }

    private static DestinationValue? Value(ValueSource? source, FirewallSet? map, int element, int stamp) => source switch
    {
        null => null,
        ConstantValue one when one.First.SequenceEqual(one.Last) => new DestinationValue(one.First, RuleText.Value(one)),
        MappedValue mapped when map is not null && mapped.Map == map.Name && (element * map.DataLength) + mapped.Offset + mapped.Length <= map.Data.Length =>
            Known(map.Data.Slice((element * map.DataLength) + mapped.Offset, mapped.Length)),
        _ => new DestinationValue([], RuleText.Value(source), stamp),
    };

    private static DestinationValue Known(ImmutableArray<byte> bytes) => new(bytes, RuleText.Value(new ConstantValue(bytes, bytes)));

    /// <summary>
    /// The address of this host that a redirection leads to: the first of the interface by which the packet came (nf_nat_redirect.c). Of several it
    /// is not known which one that is.
    /// </summary>
    private static DestinationValue Own(Arrival arrival)
    {
        IpAddress[] own = [.. arrival.Interface.Addresses.Where(one => one.Version == arrival.Version)];
        return own.Length == 1 ? Known([.. AddressRanges.BytesOf(own[0])]) with { IsOwn = true } : new DestinationValue([], "this host") { IsOwn = true };
    }
}
