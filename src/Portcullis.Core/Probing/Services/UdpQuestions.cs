using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>For each UDP port the question that its usual service answers, and what an answer says.</summary>
public static class UdpQuestions
{
    // Two line ends: services of text answer them, others let them be.
    private static readonly UdpQuestion s_generic = new("generic", "\r\n\r\n"u8.ToArray(), IsGeneric: true);

    /// <summary>All protocols over UDP that are recognised.</summary>
    public static ImmutableArray<IDatagramProtocol> All { get; } =
    [
        new DnsDatagram(), new RpcDatagram(), new NfsDatagram(), new NtpDatagram(), new SnmpDatagram(), new NetBiosDatagram(), new MdnsDatagram(),
        new SsdpDatagram(), new TftpDatagram(), new SipDatagram(), new MemcachedDatagram(), new LdapDatagram(), new OpenVpnDatagram(),
        new StunDatagram(), new CoapDatagram(), new QuicDatagram(), new EchoDatagram(), new DaytimeDatagram(), new TimeDatagram(), new ChargenDatagram(),
    ];

    /// <summary>The question for a port.</summary>
    /// <param name="port">1 to 65535.</param>
    public static UdpQuestion For(int port)
    {
        foreach (IDatagramProtocol protocol in All)
        {
            if (protocol.Ports.Contains(port))
            {
                return new UdpQuestion(protocol.Name, protocol.Question, IsGeneric: false, protocol.AnswersFromAnotherPort);
            }
        }

        return s_generic;
    }

    /// <summary>Reads what a port answered to its question.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <param name="answer">One datagram.</param>
    /// <returns>The service; null where nobody known answers so.</returns>
    public static IdentifiedService? Read(int port, ReadOnlySpan<byte> answer)
    {
        if (Echo.Is(For(port).Bytes, answer, isEnded: true) is IdentifiedService echo)
        {
            return echo;
        }

        foreach (bool isUsual in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (IDatagramProtocol protocol in All)
            {
                if (protocol.Ports.Contains(port) == isUsual && protocol.Read(answer) is IdentifiedService service)
                {
                    return service;
                }
            }
        }

        return null;
    }
}
