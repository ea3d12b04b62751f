using System;
using System.Collections.Generic;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Wire;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Sockets;

/// <summary>
/// Reads every table of sockets of one network namespace: by sock_diag(7), with the state filter run in the kernel; and
/// where the kernel was built without a diagnosis module, from the text tables of proc(5).
/// </summary>
internal sealed class SocketTables
{
    private const uint Listening = 1 << InetDiag.TCP_LISTEN;
    private const uint Unconnected = 1 << InetDiag.TCP_CLOSE;
    private const uint AnyState = uint.MaxValue;

    /// <summary>The tables, in the order in which they are asked for. IPPROTO_ numbers of linux/in.h; 255 stands for raw sockets.</summary>
    private static readonly Table[] Tables =
    [
        new(Protocol.Tcp, 6, Listening, "tcp", "TCP"),
        new(Protocol.Udp, 17, Unconnected, "udp", "UDP"),
        new(Protocol.UdpLite, 136, Unconnected, "udplite", "UDP-Lite"),
        new(Protocol.Sctp, 132, Listening, null, "SCTP"),
        new(Protocol.Dccp, 33, Listening, null, "DCCP"),
        new(Protocol.Raw, 255, AnyState, "raw", "RAW"),
    ];

    private readonly ulong _namespace;
    private readonly INetworkDoor _door;
    private readonly List<SocketFacts> _sockets;
    private readonly List<Gap> _gaps;

    private SocketTables(ulong inode, INetworkDoor door, List<SocketFacts> sockets, List<Gap> gaps)
    {
        _namespace = inode;
        _door = door;
        _sockets = sockets;
        _gaps = gaps;
    }

    /// <summary>Adds the sockets of the namespace behind <paramref name="door"/>, and what could not be read of them.</summary>
    internal static void Read(ulong inode, INetworkDoor door, List<SocketFacts> sockets, List<Gap> gaps)
    {
        SocketTables tables = new(inode, door, sockets, gaps);
        foreach (Table table in Tables)
        {
            tables.ReadInternet(table, InetDiag.AF_INET);
            tables.ReadInternet(table, InetDiag.AF_INET6);
        }

        tables.ReadPacket();
    }

    private void ReadInternet(Table table, byte family)
    {
        Answer answer = _door.Ask(LibcSockets.NETLINK_SOCK_DIAG, InetDiag.Request(family, table.Number, table.States));
        if (!answer.Ok)
        {
            ReadInternetText(table, family, answer.Error);
            return;
        }

        bool whole = true;
        NetlinkMessages messages = new(answer.Span);
        while (messages.Next())
        {
            if (messages.Type == InetDiag.SOCK_DIAG_BY_FAMILY && InetDiag.TryDecode(messages.Payload, out InetDiag row))
            {
                // Port 0 is a UDP socket that is not bound: nothing can reach it.
                if (row.Port != 0 || table.Protocol == Protocol.Raw)
                {
                    _sockets.Add(Facts(table.Protocol, row));
                }
            }
            else
            {
                whole = false;
            }
        }

        if (!whole || messages.Malformed is not null)
        {
            Miss(table.Name, "the kernel's answer is malformed", "report it with the output of: portcullis inspect --raw");
        }
    }

    private SocketFacts Facts(Protocol protocol, in InetDiag row) => new()
    {
        Namespace = _namespace,
        Protocol = protocol,
        Address = row.Address,
        Port = row.Port,
        Interface = row.Interface,
        V6Only = row.V6Only,
        Inode = row.Inode,
        Cookie = row.Cookie,
        Uid = row.Uid,
        Queue = row.ReceiveQueue,
        Backlog = row.State == InetDiag.TCP_LISTEN ? row.SendQueue : null,
        CgroupId = row.CgroupId,
    };

    /// <summary>A kernel without the diagnosis module of a protocol may still have its text table, or not have the protocol at all.</summary>
    private void ReadInternetText(Table table, byte family, int error)
    {
        Answer text = table.File is null
            ? Answer.Refused(Errno.ENOENT)
            : _door.ProcNet(family == InetDiag.AF_INET ? table.File : table.File + "6");
        if (text.Ok)
        {
            List<ProcNetSockets.Row> rows = [];
            int bad = ProcNetSockets.Read(text.Text, rows);
            foreach (ProcNetSockets.Row row in rows)
            {
                if (((table.States >> row.State) & 1) != 0 && (row.Port != 0 || table.Protocol == Protocol.Raw))
                {
                    _sockets.Add(Facts(table.Protocol, row));
                }
            }

            if (bad != 0)
            {
                Miss(table.Name, $"line {bad} of /proc/net/{table.File} can't be read", null);
            }

            if (table.Protocol != Protocol.Raw && rows.Exists(row => row.Address == IpAddress.AnyV6))
            {
                _gaps.Add(new Gap($"whether {table.Name} sockets on [::] take IPv4 too", $"the kernel does not list them by sock_diag ({Errno.Text(error)})", null));
            }
        }
        else if (HasProtocol(table, family))
        {
            Miss(table.Name, $"the kernel does not list them ({Errno.Text(error)})", null);
        }
    }

    private SocketFacts Facts(Protocol protocol, ProcNetSockets.Row row) => new()
    {
        Namespace = _namespace,
        Protocol = protocol,
        Address = row.Address,
        Port = row.Port,
        Inode = row.Inode,
        Uid = row.Uid,
        Queue = row.ReceiveQueue,
    };

    /// <summary>Whether the kernel speaks the protocol at all; a kernel that does not tell is taken to.</summary>
    private bool HasProtocol(Table table, byte family)
    {
        if (_door.ProcNet("protocols").Text is not string protocols)
        {
            return true;
        }

        string name = family == InetDiag.AF_INET ? table.Name : table.Name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() + "v6";
        foreach (string line in protocols.Split('\n'))
        {
            if (line.StartsWith(name + " ", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private void ReadPacket()
    {
        Answer answer = _door.Ask(LibcSockets.NETLINK_SOCK_DIAG, PacketDiag.Request());
        if (!answer.Ok)
        {
            ReadPacketText(answer.Error);
            return;
        }

        bool whole = true;
        NetlinkMessages messages = new(answer.Span);
        while (messages.Next())
        {
            if (messages.Type == InetDiag.SOCK_DIAG_BY_FAMILY && PacketDiag.TryDecode(messages.Payload, out PacketDiag row))
            {
                _sockets.Add(Packet(row.LinkProtocol, row.Interface, row.Uid, row.Inode, row.Cookie, row.FilterLength));
            }
            else
            {
                whole = false;
            }
        }

        if (!whole || messages.Malformed is not null)
        {
            Miss("packet", "the kernel's answer is malformed", "report it with the output of: portcullis inspect --raw");
        }
    }

    private void ReadPacketText(int error)
    {
        Answer text = _door.ProcNet("packet");
        List<ProcNetPacket.Row> rows = [];
        int bad = text.Ok ? ProcNetPacket.Read(text.Text, rows) : 0;
        foreach (ProcNetPacket.Row row in rows)
        {
            _sockets.Add(Packet(row.LinkProtocol, row.Interface, row.Uid, row.Inode, 0, null));
        }

        if (!text.Ok || bad != 0)
        {
            Miss("packet", bad != 0 ? $"line {bad} of /proc/net/packet can't be read" : $"the kernel does not list them ({Errno.Text(error)})", null);
        }
    }

    private SocketFacts Packet(int linkProtocol, int boundTo, uint uid, ulong inode, ulong cookie, int? filter) => new()
    {
        Namespace = _namespace,
        Protocol = Protocol.Packet,
        Address = null,
        Port = 0,
        Interface = boundTo,
        Inode = inode,
        Cookie = cookie,
        Uid = uid,
        LinkProtocol = linkProtocol,
        FilterLength = filter,
    };

    private void Miss(string table, string why, string? remedy) => _gaps.Add(new Gap($"{table} sockets", why, remedy));

    /// <summary>One table of the kernel's.</summary>
    /// <param name="Protocol">What its sockets speak.</param>
    /// <param name="Number">The IP protocol number by which sock_diag knows it.</param>
    /// <param name="States">The wanted states, a bit each.</param>
    /// <param name="File">Its name below /proc/net, for IPv4; null for none of that form.</param>
    /// <param name="Name">Its name in /proc/net/protocols, for IPv4.</param>
    private sealed record Table(Protocol Protocol, byte Number, uint States, string? File, string Name);
}
