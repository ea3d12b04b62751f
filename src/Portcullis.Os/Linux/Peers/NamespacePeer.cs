using System;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Operations;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Peers;

/// <summary>A named network namespace of this machine (ip-netns(8)): its thread asks from there.</summary>
internal sealed unsafe class NamespacePeer : IPeer
{
    private const string Folder = "/run/netns/";
    private readonly string _path;
    private readonly IProbeDoors _doors;

    private NamespacePeer(string name, string path, IProbeDoors doors)
    {
        Name = name;
        _path = path;
        _doors = doors;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsHere => true;

    /// <inheritdoc/>
    public IpAddress? SeenAs => null;

    /// <summary>Opens the way there.</summary>
    /// <exception cref="ProbeException">There is none.</exception>
    internal static NamespacePeer Open(string name, string network, IProbeDoors doors)
    {
        if (network.Length == 0 || network.Contains('/', StringComparison.Ordinal) || network is "." or "..")
        {
            throw new ProbeException($"'{network}' is no name of a network namespace; 'ip netns list' shows them");
        }

        NamespacePeer peer = new(name, Folder + network, doors);
        int error = peer.Inside(static () => { });
        return error == 0 ? peer : throw new ProbeException(error switch
        {
            Errno.ENOENT => $"there is no network namespace {network}; 'ip netns list' shows them",
            Errno.EPERM or Errno.EACCES => "a network namespace can only be entered by root: run with sudo",
            Errno.EINVAL => $"{peer._path} is no network namespace",
            _ => $"the network namespace {network} cannot be entered: {Errno.Text(error)}",
        });
    }

    /// <inheritdoc/>
    public ScanReport Scan(IpAddress address, ImmutableArray<ushort> tcp, ImmutableArray<ushort> udp, CancellationToken cancellation)
    {
        ScanReport? report = null;
        int error = Inside(() => report = Core.Operations.Scan.Of(
            _doors,
            new ScanRequest
            {
                Target = address.ToString(),
                Address = address,
                TcpPorts = tcp,
                UdpPorts = udp,
                Method = _doors.HasRawPackets(out _) ? ProbeKind.Syn : ProbeKind.Connect,
                Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            },
            progress: null,
            cancellation));
        return report ?? throw new ProbeException($"the network namespace cannot be entered any more: {Errno.Text(error)}");
    }

    /// <summary>Works inside.</summary>
    /// <returns>0, or the errno for which nothing was done.</returns>
    private int Inside(Action work)
    {
        int error = 0;
        OwnThread.Run(() =>
        {
            error = Enter();
            if (error == 0)
            {
                work();
            }
        });
        return error;
    }

    private int Enter()
    {
        int descriptor;
        fixed (byte* path = Encoding.UTF8.GetBytes(_path + '\0'))
        {
            descriptor = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
        }

        if (descriptor < 0)
        {
            return Errno.Last;
        }

        int error = Libc.setns(descriptor, LibcSockets.CLONE_NEWNET) == 0 ? 0 : Errno.Last;
        _ = Libc.close(descriptor);
        return error;
    }
}
