using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Tracing;

/// <summary>What an ICMP error says, in words (RFC 792; RFC 1812, 5.2.7.1; RFC 4443, 3; IANA's registers).</summary>
public static class IcmpWords
{
    /// <summary>The words of a type and code.</summary>
    public static string Of(IpVersion version, int type, int code) => version == IpVersion.V4 ? Four(type, code) : Six(type, code);

    private static string Four(int type, int code) => (type, code) switch
    {
        (3, 0) => "network unreachable",
        (3, 1) => "host unreachable",
        (3, 2) => "protocol unreachable",
        (3, 3) => "port unreachable",
        (3, 4) => "packet too big",
        (3, 6) => "network unknown",
        (3, 7) => "host unknown",
        (3, 9) => "network prohibited",
        (3, 10) => "host prohibited",
        (3, 13) => "administratively prohibited",
        (3, _) => string.Create(CultureInfo.InvariantCulture, $"unreachable, code {code}"),
        (5, _) => "redirect",
        (11, 0) => "time exceeded",
        (11, 1) => "fragments missing",
        (12, _) => "parameter problem",
        _ => string.Create(CultureInfo.InvariantCulture, $"type {type}, code {code}"),
    };

    private static string Six(int type, int code) => (type, code) switch
    {
        (1, 0) => "no route",
        (1, 1) => "administratively prohibited",
        (1, 2) => "beyond scope",
        (1, 3) => "address unreachable",
        (1, 4) => "port unreachable",
        (1, 5) => "source address refused by policy",
        (1, 6) => "route rejected",
        (1, _) => string.Create(CultureInfo.InvariantCulture, $"unreachable, code {code}"),
        (2, _) => "packet too big",
        (3, 0) => "time exceeded",
        (3, 1) => "fragments missing",
        (4, _) => "parameter problem",
        _ => string.Create(CultureInfo.InvariantCulture, $"type {type}, code {code}"),
    };
}
