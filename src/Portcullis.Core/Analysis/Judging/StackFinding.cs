using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Says in one shape what is amiss with a switch of the TCP/IP stack.</summary>
internal static class StackFinding
{
    private const string OurFile = "/etc/sysctl.d/50-portcullis.conf";
    private const int MostNamed = 8;

    /// <summary>The subject of a finding about a switch.</summary>
    internal static string Subject(string setting) => "sysctl:" + setting;

    /// <summary>A finding about a switch.</summary>
    /// <param name="stack">The switches.</param>
    /// <param name="id">The kind of finding.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="title">One sentence.</param>
    /// <param name="setting">The switch.</param>
    /// <param name="reasons">Why it matters, and where that stands.</param>
    /// <param name="line">The line that mends it; null for <paramref name="wanted"/> in the place of the value.</param>
    /// <param name="wanted">The value that mends it.</param>
    internal static Finding[] Of(StackView stack, string id, Severity severity, string title, string setting, IEnumerable<string> reasons, string wanted, string? line = null) =>
    [
        new Finding
        {
            Id = id,
            Severity = severity,
            Title = title,
            Subject = Subject(setting),
            Evidence = [.. reasons],
            Remedy = Write(line ?? $"{setting} = {wanted}", stack.SetBy(setting)),
            Location = stack.SetBy(setting),
        },
    ];

    /// <summary>The interfaces on which a switch is amiss, without those for which that is accepted.</summary>
    /// <returns>Null where nothing is amiss.</returns>
    internal static AmissSwitch? Amiss(
        Judgement judgement, StackView stack, int version, string setting, Func<NetworkInterface, bool> isAmiss)
    {
        NetworkInterface[] able = [.. stack.Interfaces.Where(one => stack.Own(version, one, setting) is not null)];
        ImmutableArray<NetworkInterface> amiss = [.. able.Where(one => isAmiss(one) && Acceptance.For(Subject(StackView.Name(version, one.Name, setting)), judgement) is null)];
        return amiss.Length switch
        {
            0 => null,
            1 when able.Length > 1 => new AmissSwitch(StackView.Name(version, amiss[0].Name, setting), amiss),
            _ => new AmissSwitch(StackView.Name(version, "all", setting), amiss),
        };
    }

    /// <summary>The values that make it so: that of "all", and those of the interfaces.</summary>
    internal static IEnumerable<string> Values(StackView stack, int version, string setting, ImmutableArray<NetworkInterface> devices)
    {
        string all = StackView.Name(version, "all", setting);
        if (stack.Text(all) is not null)
        {
            yield return stack.Said(all);
        }

        foreach (NetworkInterface device in devices.Take(MostNamed))
        {
            yield return stack.Said(StackView.Name(version, device.Name, setting));
        }

        if (devices.Length > MostNamed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"and the same of {devices.Length - MostNamed} more interfaces");
        }
    }

    /// <summary>"on eth0", "on eth0 and eth1", "on 12 interfaces".</summary>
    internal static string On(ImmutableArray<NetworkInterface> devices) => devices.Length switch
    {
        1 => "on " + devices[0].Name,
        2 => $"on {devices[0].Name} and {devices[1].Name}",
        _ => string.Create(CultureInfo.InvariantCulture, $"on {devices.Length} interfaces"),
    };

    /// <summary>How to write a line so that it lasts.</summary>
    /// <param name="line">The line.</param>
    /// <param name="setBy">The file and line that say otherwise; null where that is not known.</param>
    internal static string Write(string line, string? setBy)
    {
        string write = $"echo {Remedy.Word(line)} | sudo tee -a {OurFile} && sudo sysctl --system";
        int end = setBy?.LastIndexOf(':') ?? -1;
        string file = end < 0 ? "" : setBy![..end];

        // Of two files the one whose name sorts later has the last word, and /etc/sysctl.conf in any case (sysctl.d(5), sysctl(8)).
        bool isLater = file == "/etc/sysctl.conf" || string.CompareOrdinal(Last(file), Last(OurFile)) > 0;
        return file.Length > 0 && (isLater || file == OurFile) ? $"take the line out of {setBy}, then: {write}" : write;
    }

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];
}
