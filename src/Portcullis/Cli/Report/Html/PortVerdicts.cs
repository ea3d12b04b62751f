using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Cli.Report.Html;

/// <summary>Tells the verdict on listeners from the findings about them, and how a verdict looks and is called.</summary>
internal sealed class PortVerdicts(Assessment assessment)
{
    private readonly Dictionary<string, Severity> _worst = assessment.Findings
        .GroupBy(finding => finding.Subject, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Max(finding => finding.Severity), StringComparer.Ordinal);

    /// <summary>The worst that is to be said of some listeners.</summary>
    internal PortVerdict Of(IEnumerable<Listener> listeners) => listeners.Select(Of).DefaultIfEmpty(PortVerdict.None).Max();

    /// <summary>What is to be said of one listener.</summary>
    internal PortVerdict Of(Listener listener) => _worst.TryGetValue(listener.Key, out Severity worst)
        ? Of(worst)
        : listener.Expected switch { true => PortVerdict.Expected, false => PortVerdict.Unexpected, null => PortVerdict.Unjudged };

    /// <summary>The verdict that a finding of the severity is.</summary>
    internal static PortVerdict Of(Severity severity) => severity switch
    {
        Severity.Info => PortVerdict.Info,
        Severity.Low => PortVerdict.Low,
        Severity.Medium => PortVerdict.Medium,
        Severity.High => PortVerdict.High,
        Severity.Critical => PortVerdict.Critical,
    };

    /// <summary>The words for it.</summary>
    internal static string Words(PortVerdict verdict) => verdict switch
    {
        PortVerdict.None => "closed",
        PortVerdict.Expected => "allowed",
        PortVerdict.Unjudged => "no finding",
        PortVerdict.Unexpected => "not allowed",
        PortVerdict.Info => "info",
        PortVerdict.Low => "low",
        PortVerdict.Medium => "medium",
        PortVerdict.High => "high",
        PortVerdict.Critical => "critical",
    };

    /// <summary>The class by which the style sheet colours it.</summary>
    internal static string Class(PortVerdict verdict) => "v-" + verdict.ToString().ToLowerInvariant();

    /// <summary>
    /// Its shape as an SVG path in a square from -1 to 1, so that colour is never all that tells: circle, ring-like hexagon, cross,
    /// bar, square, triangle, diamond, star.
    /// </summary>
    internal static string Shape(PortVerdict verdict) => verdict switch
    {
        PortVerdict.Expected => "M-.8 0A.8.8 0 1 0 .8 0A.8.8 0 1 0-.8 0Z",
        PortVerdict.Unexpected => "M-.9-.5-.5-.9 0-.4.5-.9.9-.5.4 0 .9.5.5.9 0 .4-.5.9-.9.5-.4 0Z",
        PortVerdict.Info => "M-.4-.95H.4V.95H-.4Z",
        PortVerdict.Low => "M-.75-.75H.75V.75H-.75Z",
        PortVerdict.Medium => "M0-.95.95.75H-.95Z",
        PortVerdict.High => "M0-1 1 0 0 1-1 0Z",
        PortVerdict.Critical => "M0-1.1.26-.36 1.05-.34.42.14.65.9 0 .45-.65.9-.42.14-1.05-.34-.26-.36Z",
        _ => "M-.45-.8H.45L.9 0 .45.8H-.45L-.9 0Z",
    };
}
