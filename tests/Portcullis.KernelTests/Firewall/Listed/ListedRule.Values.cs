using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Portcullis.Core.Model.Rules;

namespace Portcullis.KernelTests.Firewall.Listed;

/// <content>The statements that write something: marks, fields, addresses.</content>
internal sealed partial class ListedRule
{
    private bool Mangle(JsonElement mangle)
    {
        if (ListedFields.Of(mangle.GetProperty("key"), family) is not ListedField field)
        {
            return false;
        }

        Need([field]);
        if (field.Field is { Source: FieldSource.Other })
        {
            Add(new ChanceStep(field.Field.Name + " exists", true)); // an option that a packet may not have
        }

        return Add(new AssignStep(field.Field, field.Mask.IsEmpty ? Value(mangle.GetProperty("value"), [field.Kind], 0) : new UnknownValue("part of a byte")));
    }

    /// <summary>A value that is written.</summary>
    /// <param name="value">What stands there.</param>
    /// <param name="kinds">Its parts.</param>
    /// <param name="part">Which of them is meant.</param>
    private ValueSource Value(JsonElement value, ImmutableArray<ListedKind> kinds, int part)
    {
        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("map", out JsonElement map))
        {
            return Mapped(map, kinds, part);
        }

        if (kinds[part].Range(value) is var (first, last))
        {
            return new ConstantValue([.. first], [.. last]);
        }

        if (ListedFields.Of(value, family) is ListedField { Chance: null } field && field.Kind.Length == kinds[part].Length)
        {
            Need([field]);
            return new ComputedValue(field.Operand);
        }

        return new UnknownValue(value.GetRawText());
    }

    private ValueSource Mapped(JsonElement map, ImmutableArray<ListedKind> kinds, int part)
    {
        if (ListedFields.All(map.GetProperty("key"), family) is not ImmutableArray<ListedField> key)
        {
            return new UnknownValue(map.GetRawText());
        }

        Need(key);
        if (key.Any(field => field.Chance is not null))
        {
            Chance(map);
            return new UnknownValue(map.GetRawText());
        }

        JsonElement data = map.GetProperty("data");
        string name = data.ValueKind == JsonValueKind.String ? data.GetString()![1..]
            : addSet(ListedSet.Of("", Kinds(key), kinds, true, false, Items(data.GetProperty("set")))).Name;
        return new MappedValue([.. key.Select(field => field.Operand)], name, kinds.Take(part).Sum(kind => kind.Padded), kinds[part].Length);
    }

    private bool Translate(string word, JsonElement data)
    {
        TranslationKind kind = word switch { "dnat" => TranslationKind.Destination, "snat" => TranslationKind.Source, "masquerade" => TranslationKind.Masquerade, _ => TranslationKind.Redirect };
        if (data.ValueKind != JsonValueKind.Object)
        {
            return Add(new TranslateStep(kind, null, null));
        }

        bool isNetmap = data.TryGetProperty("flags", out JsonElement flags) && flags.GetRawText().Contains("netmap", StringComparison.Ordinal);
        ListedKind[] kinds = [new(Length(data), 0, ListedForm.Address)];
        ValueSource? address = null;
        ValueSource? port = null;
        if (data.TryGetProperty("addr", out JsonElement addr))
        {
            bool hasPort = HasPort(addr);
            kinds = hasPort ? [kinds[0], new(2)] : kinds;
            address = Value(addr, [.. kinds], 0);
            port = hasPort ? (address is MappedValue mapped ? mapped with { Offset = 4 * ((kinds[0].Length + 3) / 4), Length = 2 } : address) : null;
            address = isNetmap ? Moved(address, kind == TranslationKind.Source) : address;
        }

        if (data.TryGetProperty("port", out JsonElement listed))
        {
            port = Value(listed, [new(2)], 0);
        }

        return Add(new TranslateStep(kind, address, port));
    }

    /// <summary>The length of the address: by the family that is named, else by that of the table, else by the address.</summary>
    private int Length(JsonElement data) => (ListedFields.Text(data, "family") ?? family.ToString().ToLowerInvariant()) switch
    {
        "ip" => 4,
        "ip6" => 16,
        _ => data.TryGetProperty("addr", out JsonElement addr) && addr.ValueKind == JsonValueKind.String && addr.GetString()!.Contains('.', StringComparison.Ordinal) ? 4 : 16,
    };

    private bool HasPort(JsonElement addr)
    {
        if (addr.ValueKind != JsonValueKind.Object || !addr.TryGetProperty("map", out JsonElement map))
        {
            return false;
        }

        JsonElement data = map.GetProperty("data");
        return data.ValueKind == JsonValueKind.String ? PortedMaps.Contains(data.GetString()![1..]) : Items(data.GetProperty("set"))[0][1].ToString().Contains("concat", StringComparison.Ordinal);
    }

    /// <summary>The maps of its table that have a port beside each address.</summary>
    internal required ImmutableHashSet<string> PortedMaps { get; init; }

    /// <summary>The prefix is exchanged; the rest of the address stays.</summary>
    private static ValueSource Moved(ValueSource prefix, bool isSource)
    {
        if (prefix is not ConstantValue constant)
        {
            return new UnknownValue("an address with another prefix");
        }

        byte[] rest = [.. constant.First.Select((one, at) => (byte)(one ^ constant.Last[at]))];
        int at = (rest.Length == 4 ? 12 : 8) + (isSource ? 0 : rest.Length);
        return new ComputedValue(new Operand(new PacketField(FieldSource.NetworkHeader, "", at, rest.Length), [.. rest], [.. constant.First.Select((one, index) => (byte)(one & ~rest[index]))]));
    }

    private bool Proxy(JsonElement data)
    {
        ValueSource? address = data.TryGetProperty("addr", out JsonElement addr) ? Value(addr, [new(Length(data), 0, ListedForm.Address)], 0) : null;
        ValueSource? port = data.TryGetProperty("port", out JsonElement listed) ? Value(listed, [new(2)], 0) : null;
        _proxy = new TranslateStep(TranslationKind.TransparentProxy, address, port);
        return Add(new ChanceStep("tproxy: a socket that takes it", false));
    }
}
