using System.Globalization;
using System.Linq;
using System.Text.Json;
using Portcullis.Cli.Scanning;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Json;

/// <summary>Writes what packets from elsewhere found, within an assessment.</summary>
internal static class ProofJson
{
    /// <summary>What they found of one listener.</summary>
    internal static void Write(Utf8JsonWriter writer, Proof proof)
    {
        writer.WriteString("from", proof.From);
        writer.WriteBoolean("twin", proof.IsTwin);
        writer.WriteString("source", proof.Source?.ToString());
        writer.WriteString("to", proof.Address.ToString());
        writer.WriteString("claimed", proof.Claimed?.ToString().ToLowerInvariant());
        writer.WriteString("by", proof.By);
        writer.WriteString("seen", StateGroups.Word(proof.Seen));
        writer.WriteString("outcome", Word(proof.Outcome));
    }

    /// <summary>Who asked which address, and what was found there: a range of ports a state.</summary>
    internal static void Write(Utf8JsonWriter writer, OutsideView view)
    {
        writer.WriteString("from", view.From);
        writer.WriteBoolean("twin", view.IsTwin);
        writer.WriteString("address", view.Address.ToString());
        writer.WriteString("source", view.Source?.ToString());
        writer.WriteString("destination", view.Destination?.ToString());
        writer.WriteString("interface", view.Interface);
        writer.WriteStartArray("ports");
        foreach (IGrouping<(Protocol Protocol, PortState State), SeenPorts> same in view.Ports.GroupBy(static seen => (seen.Protocol, seen.State)))
        {
            writer.WriteStartObject();
            writer.WriteString("protocol", ListenerKey.Word(same.Key.Protocol));
            writer.WriteString("state", StateGroups.Word(same.Key.State));
            writer.WriteString("ports", string.Join(',', same.Select(Range)));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Range(SeenPorts seen) =>
        string.Create(CultureInfo.InvariantCulture, $"{seen.First}{(seen.First == seen.Last ? "" : "-")}{(seen.First == seen.Last ? null : seen.Last)}");

    private static string Word(ProofOutcome outcome) => outcome switch
    {
        ProofOutcome.StoppedBefore => "stopped-before",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
