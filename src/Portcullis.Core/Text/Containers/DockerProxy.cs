using System;
using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text.Containers;

/// <summary>What a docker-proxy process stands for, by its command line.</summary>
/// <param name="Port">The published port.</param>
/// <param name="ContainerAddress">The container's address on its network.</param>
public sealed record DockerProxy(PublishedPort Port, IpAddress ContainerAddress)
{
    /// <summary>
    /// Reads "docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80 …".
    /// </summary>
    /// <returns>Null for any other command line.</returns>
    public static DockerProxy? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments[0][(arguments[0].LastIndexOf('/') + 1)..] is not ("docker-proxy" or "rootlesskit-docker-proxy"))
        {
            return null;
        }

        return PortBinding.ProtocolOf(Option(arguments, "proto")) is Protocol protocol
            && IpAddress.TryParse(Option(arguments, "host-ip"), out IpAddress host)
            && PortBinding.PortOf(Option(arguments, "host-port")) is int hostPort
            && IpAddress.TryParse(Option(arguments, "container-ip"), out IpAddress container)
            && PortBinding.PortOf(Option(arguments, "container-port")) is int containerPort
                ? new DockerProxy(new PublishedPort(protocol, host, hostPort, containerPort), container)
                : null;
    }

    // Go's flag package takes one or two dashes, and the value behind "=" or as the next argument.
    private static string? Option(IReadOnlyList<string> arguments, string name)
    {
        for (int at = 1; at < arguments.Count; at++)
        {
            string argument = arguments[at].StartsWith('-') ? arguments[at].TrimStart('-') : string.Empty;
            if (argument == name)
            {
                return at + 1 < arguments.Count ? arguments[at + 1] : null;
            }

            if (argument.Length > name.Length && argument[name.Length] == '=' && argument.StartsWith(name, StringComparison.Ordinal))
            {
                return argument[(name.Length + 1)..];
            }
        }

        return null;
    }
}
