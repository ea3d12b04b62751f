using System;
using System.Globalization;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Text;

/// <summary>The variable in which sshd tells a session by which connection it stands (ssh(1), ENVIRONMENT).</summary>
public static class SshConnection
{
    private static readonly byte[] s_name = "SSH_CONNECTION="u8.ToArray();

    /// <summary>Finds it among the variables of a process.</summary>
    /// <param name="environment">"NAME=value" and a zero byte for each (proc_pid_environ(5)).</param>
    /// <returns>The session; null where there is none, or what stands there is not of the form "client port server port".</returns>
    public static RemoteSession? Of(ReadOnlySpan<byte> environment)
    {
        foreach (Range at in environment.Split((byte)0))
        {
            ReadOnlySpan<byte> variable = environment[at];
            if (variable.StartsWith(s_name))
            {
                return Parse(Encoding.UTF8.GetString(variable[s_name.Length..]));
            }
        }

        return null;
    }

    private static RemoteSession? Parse(string value) =>
        value.Split(' ') is [string client, string from, _, string port]
        && IpAddress.TryParse(client.Split('%')[0], out IpAddress peer) // a link's own address has its interface behind it (RFC 4007, 11)
        && ushort.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out ushort peerPort)
        && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? new RemoteSession(peer.Unmapped(), peerPort, number)
            : null;
}
