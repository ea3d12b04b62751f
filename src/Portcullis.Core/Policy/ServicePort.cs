using System;
using System.Globalization;
using System.Text;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;

namespace Portcullis.Core.Policy;

/// <summary>A port, or neighbouring ports, of one protocol.</summary>
/// <param name="Protocol">The protocol: one that has ports, or raw, whose ports are IP protocol numbers, or packet.</param>
/// <param name="Ports">The ports.</param>
public sealed record ServicePort(Protocol Protocol, PortRange Ports)
{
    private static readonly (string Word, Protocol Protocol)[] Words =
    [
        ("tcp", Protocol.Tcp), ("udp", Protocol.Udp), ("udplite", Protocol.UdpLite), ("sctp", Protocol.Sctp), ("dccp", Protocol.Dccp),
        ("raw", Protocol.Raw), ("packet", Protocol.Packet),
    ];

    /// <summary>Whether a socket of the protocol on the port is meant. UDP-Lite shares UDP's services (RFC 3828, section 6).</summary>
    public bool Includes(Protocol protocol, int port) =>
        (protocol == Protocol || (protocol == Protocol.UdpLite && Protocol == Protocol.Udp)) && Ports.Contains(port);

    /// <summary>Reads "22/tcp" or "10000-20000/udp".</summary>
    /// <returns>The port; null where the text is none.</returns>
    public static ServicePort? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !PortRange.TryParse(Encoding.UTF8.GetBytes(text[..slash]), out PortRange ports))
        {
            return null;
        }

        foreach ((string word, Protocol protocol) in Words)
        {
            if (text.AsSpan(slash + 1).SequenceEqual(word))
            {
                return new ServicePort(protocol, ports);
            }
        }

        return null;
    }

    /// <summary>"22/tcp".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Ports}/{Array.Find(Words, one => one.Protocol == Protocol).Word}");
}
