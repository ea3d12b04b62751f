using System.Globalization;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Containers;

/// <summary>The words and numbers with which engines write published ports.</summary>
internal static class PortBinding
{
    internal static Protocol? ProtocolOf(string? word) => word switch
    {
        "tcp" => Protocol.Tcp,
        "udp" => Protocol.Udp,
        "sctp" => Protocol.Sctp,
        _ => null,
    };

    internal static int? PortOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is >= 1 and <= 65535 ? port : null;
}
