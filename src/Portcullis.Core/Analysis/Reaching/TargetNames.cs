using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>Knows whose the addresses are to which packets are passed on.</summary>
internal sealed class TargetNames
{
    private readonly Dictionary<IpAddress, string> _names = [];

    /// <summary>Gathers the addresses of the containers and other network namespaces of a machine.</summary>
    internal TargetNames(Snapshot snapshot)
    {
        foreach (NetworkNamespace guest in snapshot.Namespaces.Where(one => one.Name != NetworkNamespace.HostName))
        {
            ContainerFacts? container = snapshot.Containers.FirstOrDefault(one => one.Namespace == guest.Inode);
            string name = container is null ? $"network namespace {guest.Name}" : $"container {container.Name ?? container.Id}";
            foreach (IpAddress address in guest.Interfaces.Where(one => !one.IsLoopback).SelectMany(one => one.Addresses))
            {
                // Two networks may use the same addresses: then nobody can say whose one is.
                _names[address] = _names.ContainsKey(address) ? "" : name;
            }
        }
    }

    /// <summary>The answers, each translated target with whose it is: "172.17.0.2:80 (container web)".</summary>
    internal ImmutableArray<ReachAnswer> In(ImmutableArray<ReachAnswer> answers) =>
        [.. answers.Select(answer => Of(answer.To) is string name ? answer with { To = $"{answer.To} ({name})" } : answer)];

    private string? Of(string target)
    {
        int colon = target.LastIndexOf(':');
        string plain = target.StartsWith('[') && target.IndexOf(']', System.StringComparison.Ordinal) is int end and > 0 ? target[1..end]
            : colon > 0 && colon == target.IndexOf(':', System.StringComparison.Ordinal) ? target[..colon]
            : target;
        return IpAddress.TryParse(plain, out IpAddress address) && _names.TryGetValue(address, out string? name) && name.Length > 0 ? name : null;
    }
}
