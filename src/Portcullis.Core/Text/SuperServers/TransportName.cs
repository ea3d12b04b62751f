using Portcullis.Core.Model;

namespace Portcullis.Core.Text.SuperServers;

/// <summary>A transport as super-servers write it: "tcp", "udp6", "tcp46".</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="Name">Its name in services(5).</param>
/// <param name="Any">The address it is bound to without another; null where that may be both.</param>
internal sealed record TransportName(Protocol Protocol, string Name, IpAddress? Any)
{
    /// <summary>Null for what is no such transport.</summary>
    internal static TransportName? Of(string word)
    {
        Protocol? protocol = word.TrimEnd('4', '6') switch
        {
            "tcp" => Protocol.Tcp,
            "udp" => Protocol.Udp,
            "sctp" => Protocol.Sctp,
            _ => null,
        };
        string name = word.TrimEnd('4', '6');
        return protocol is not Protocol known ? null : word[name.Length..] switch
        {
            "" or "46" => new TransportName(known, name, null),
            "4" => new TransportName(known, name, IpAddress.AnyV4),
            "6" => new TransportName(known, name, IpAddress.AnyV6),
            _ => null,
        };
    }
}
