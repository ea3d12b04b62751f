using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Simple Service Discovery of UPnP (UPnP Device Architecture 2.0, 1.3.2). Asked: M-SEARCH for root devices, sent to this host
/// alone.
/// </summary>
public sealed class SsdpDatagram : IDatagramProtocol
{
    /// <inheritdoc/>
    public string Name => "ssdp";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [1900];

    /// <inheritdoc/>
    public byte[] Question => "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n"u8.ToArray();

    /// <inheritdoc/>
    public IdentifiedService? Read(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("HTTP/1."u8))
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(answer);
        int at = text.IndexOf("\nSERVER:", StringComparison.OrdinalIgnoreCase);
        string? server = at < 0 ? null : text[(at + 8)..].Split('\n', 2)[0].Trim();
        return Sighting.Of(Name, server ?? text).By(server).Open("tells anybody what it is");
    }
}
