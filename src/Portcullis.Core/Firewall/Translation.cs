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
    internal static PacketState Of(TranslateStep step, PacketState state, Arrival arrival, FirewallSet? map, int element)
    {
        DestinationValue? address = step.Kind == TranslationKind.Redirect ? Own(arrival) : Value(step.Address, map, element) ?? state.Address;
        DestinationValue? port = Value(step.Port, map, element) ?? state.Port;
        return step.Kind == TranslationKind.TransparentProxy
            ? state with { Port = port }
            : state with { Address = address, Port = port, IsTranslated = true };
    }

    private static DestinationValue? Value(ValueSource? source, FirewallSet? map, int element) => source switch
    {
        null => null,
        ConstantValue one when one.First.SequenceEqual(one.Last) => new DestinationValue(one.First, RuleText.Value(one)),
        MappedValue mapped when map is not null && (element * map.DataLength) + mapped.Offset + mapped.Length <= map.Data.Length =>
            Known(map.Data.Slice((element * map.DataLength) + mapped.Offset, mapped.Length)),
        _ => new DestinationValue([], RuleText.Value(source)),
    };

    private static DestinationValue Known(ImmutableArray<byte> bytes) => new(bytes, RuleText.Value(new ConstantValue(bytes, bytes)));

    /// <summary>The address of this host that a redirection leads to: one of the interface by which the packet came (nf_nat_redirect.c).</summary>
    private static DestinationValue Own(Arrival arrival)
    {
        IpAddress? own = arrival.Interface.Addresses.Where(one => one.Version == arrival.Version).Select(one => (IpAddress?)one).FirstOrDefault();
        return own is IpAddress address ? Known([.. AddressRanges.BytesOf(address)]) : new DestinationValue([], "this host");
    }
}
