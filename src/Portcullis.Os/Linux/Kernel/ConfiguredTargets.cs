using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Kernel;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Kernel;

/// <summary>Services that are set up by making directories in configfs (Documentation/filesystems/configfs.rst).</summary>
internal sealed class ConfiguredTargets(ISource source, GapList gaps)
{
    private const string Root = "/sys/kernel/config";

    /// <summary>LIO (drivers/target/iscsi): a directory "ADDRESS:PORT" is a portal, and listens from its making on.</summary>
    internal IEnumerable<KernelService> Iscsi()
    {
        const string What = "ports of the kernel's iSCSI target";
        foreach (string target in Directories($"{Root}/target/iscsi", What))
        {
            foreach (string group in Directories(target, What))
            {
                foreach (string portal in Directories($"{group}/np", What))
                {
                    if (Portal.Parse(portal.AsSpan(portal.LastIndexOf('/') + 1)) is Portal place)
                    {
                        yield return new KernelService("iscsi-target", Protocol.Tcp, place.Address, place.Port, portal);
                    }
                    else
                    {
                        gaps.Add(What, $"{portal} is named in another form");
                    }
                }
            }
        }
    }

    /// <summary>nvmet (drivers/nvme/target/configfs.c): a port listens once a subsystem is linked to it.</summary>
    internal IEnumerable<KernelService> Nvme()
    {
        const string What = "ports of the kernel's NVMe target";
        foreach (string port in Directories($"{Root}/nvmet/ports", What))
        {
            if (Value($"{port}/addr_trtype", What) != "tcp" || DirectoryListing.Of(source.Directory($"{port}/subsystems")).Count == 0)
            {
                continue;
            }

            string? address = Value($"{port}/addr_traddr", What);
            if (PortNumber.Parse(Value($"{port}/addr_trsvcid", What)) is int number && IpAddress.TryParse(address, out IpAddress bound))
            {
                yield return new KernelService("nvmet", Protocol.Tcp, bound, number, port);
            }
            else
            {
                gaps.Add(What, $"{port} has an address of another form");
            }
        }
    }

    /// <summary>DLM (fs/dlm/config.c): listens while there is a lock space; its "protocol" is 0 for TCP, 1 for SCTP.</summary>
    internal IEnumerable<KernelService> Dlm()
    {
        const string What = "port of the kernel's lock manager";
        const string Cluster = Root + "/dlm/cluster";
        if (PortNumber.Parse(Value($"{Cluster}/tcp_port", What)) is int port && Directories("/sys/kernel/dlm", What).Count > 0)
        {
            yield return new KernelService("dlm", Value($"{Cluster}/protocol", What) == "1" ? Protocol.Sctp : Protocol.Tcp, null, port, $"{Cluster}/tcp_port");
        }
    }

    /// <summary>OCFS2's cluster (fs/ocfs2/cluster/nodemanager.c): the node that is marked as local listens on its address.</summary>
    internal IEnumerable<KernelService> Ocfs2()
    {
        const string What = "port of OCFS2's cluster";
        foreach (string node in Directories($"{Root}/cluster", What).SelectMany(cluster => Directories($"{cluster}/node", What)))
        {
            if (Value($"{node}/local", What) == "1"
                && PortNumber.Parse(Value($"{node}/ipv4_port", What)) is int port
                && IpAddress.TryParse(Value($"{node}/ipv4_address", What), out IpAddress address))
            {
                yield return new KernelService("ocfs2", Protocol.Tcp, address, port, $"{node}/ipv4_port");
            }
        }
    }

    private List<string> Directories(string path, string what)
    {
        Answer answer = source.Directory(path);
        return gaps.Check(answer, what) ? [.. DirectoryListing.Of(answer).Where(static entry => entry.Kind == 'd').Select(entry => $"{path}/{entry.Name}")] : [];
    }

    private string? Value(string path, string what)
    {
        Answer answer = source.File(path);
        return gaps.Check(answer, what) ? answer.Text?.Trim() : null;
    }
}
