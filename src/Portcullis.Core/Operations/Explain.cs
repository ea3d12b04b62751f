using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>Explains a port or a service: what it is registered for, what usually uses it, and what holds it here.</summary>
public static class Explain
{
    private static readonly Protocol[] WithPorts = [Protocol.Tcp, Protocol.Udp, Protocol.Sctp, Protocol.Dccp];

    /// <summary>Finds out which ports a person means.</summary>
    /// <param name="question">"5432", "53/udp", or a name such as "postgresql".</param>
    /// <param name="error">Why it means none; null where it does.</param>
    /// <returns>The ports, in order; empty where it means none.</returns>
    public static ImmutableArray<PortQuestion> Parse(string question, out string? error)
    {
        error = null;
        string[] parts = question.Split('/');
        if (!parts[0].All(char.IsAsciiDigit) || parts[0].Length == 0)
        {
            ImmutableArray<PortQuestion> named = ByName(question);
            error = named.IsEmpty ? $"'{question}' is no port and no service that is known here; give a port (0 to 65535), such as 5432 or 53/udp, or a name, such as ssh" : null;
            return named;
        }

        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535)
        {
            error = $"'{parts[0]}' is no port; ports go from 0 to 65535";
            return [];
        }

        Protocol? asked = parts.Length == 1 ? null : Array.Find(WithPorts, protocol => parts[1] == ListenerKey.Word(protocol));
        if (parts.Length > 2 || (parts.Length == 2 && ListenerKey.Word(asked!.Value) != parts[1]))
        {
            error = $"'{question}' names no protocol that has ports; give {port}/tcp, {port}/udp, {port}/sctp or {port}/dccp";
            return [];
        }

        return asked is Protocol one ? [new PortQuestion(port, one)] : BothOf(port);
    }

    /// <summary>Explains one port.</summary>
    /// <param name="question">The port.</param>
    /// <param name="here">The machine; null where only general knowledge is wanted.</param>
    public static PortExplanation Of(PortQuestion question, Assessment? here) => new()
    {
        Port = question.Port,
        Protocol = question.Protocol,
        Class = PortClasses.Of(question.Port),
        Registered = Registry.Lookup(question.Port, question.Protocol),
        Facts = PortKnowledge.Lookup(question.Port, question.Protocol),
        Holders = here is null ? [] : [.. here.Listeners.Where(listener => listener.Port == question.Port && IsSame(listener.Protocol, question.Protocol))],
        Looked = here is not null,
        Gaps = here?.Gaps ?? [],
    };

    private static bool IsSame(Protocol held, Protocol asked) => held == asked || (held == Protocol.UdpLite && asked == Protocol.Udp);

    /// <summary>A bare number means TCP and UDP; the other two only where something is registered for them.</summary>
    private static ImmutableArray<PortQuestion> BothOf(int port) =>
    [
        .. WithPorts.Where(protocol => protocol <= Protocol.Udp || Registry.Lookup(port, protocol) is not null)
            .Select(protocol => new PortQuestion(port, protocol)),
    ];

    private static ImmutableArray<PortQuestion> ByName(string name)
    {
        IEnumerable<PortQuestion> known = PortKnowledge.FindByName(name).Select(facts => new PortQuestion(facts.Ports.First, facts.Protocol));
        IEnumerable<PortQuestion> registered = Registry.FindByName(name).Select(entry => new PortQuestion(entry.Ports.First, entry.Protocol));
        return [.. known.Concat(registered).Distinct().OrderBy(one => one.Port).ThenBy(one => one.Protocol)];
    }
}
