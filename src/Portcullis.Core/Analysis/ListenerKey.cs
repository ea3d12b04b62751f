using System.Globalization;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis;

/// <summary>Makes the stable name of a listener.</summary>
public static class ListenerKey
{
    /// <summary>"protocol/scope/family/port/holder", with "namespace:" in front where that is not the host's.</summary>
    public static string Of(string network, Protocol protocol, Scope scope, AddressFamily family, int port, Holder holder)
    {
        string key = string.Create(
            CultureInfo.InvariantCulture,
            $"{Word(protocol)}/{Word(scope)}/{Word(family)}/{port}/{Escape(holder.Name)}");
        return network == NetworkNamespace.HostName ? key : $"{Escape(network)}:{key}";
    }

    /// <summary>The word for it in keys and JSON.</summary>
    public static string Word(Protocol protocol) => protocol switch
    {
        Protocol.Tcp => "tcp",
        Protocol.Udp => "udp",
        Protocol.UdpLite => "udplite",
        Protocol.Sctp => "sctp",
        Protocol.Dccp => "dccp",
        Protocol.Raw => "raw",
        Protocol.Packet => "packet",
    };

    /// <summary>The word for it in keys and JSON.</summary>
    public static string Word(Scope scope) => scope switch
    {
        Scope.Loopback => "loopback",
        Scope.Link => "link",
        Scope.Private => "private",
        Scope.Address => "address",
        Scope.Any => "any",
    };

    /// <summary>The word for it in keys and JSON.</summary>
    public static string Word(AddressFamily family) => family switch
    {
        AddressFamily.Ipv4 => "ipv4",
        AddressFamily.Ipv6 => "ipv6",
        AddressFamily.Dual => "dual",
        AddressFamily.Packet => "packet",
    };

    /// <summary>Percent-encodes what would be mistaken for the key's own punctuation, and what is not plain ASCII (RFC 3986, 2.1).</summary>
    private static string Escape(string name)
    {
        StringBuilder escaped = new(name.Length);
        foreach (byte octet in Encoding.UTF8.GetBytes(name))
        {
            // Unit names use A-Z a-z 0-9 : - _ . \ @ (systemd.unit(5)) and stay as they are, but for the colon in a namespace.
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'@' or (byte)'\\' or (byte)'~' or (byte)'+')
            {
                escaped.Append((char)octet);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return escaped.ToString();
    }
}
