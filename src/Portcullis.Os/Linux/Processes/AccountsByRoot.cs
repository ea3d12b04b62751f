using System;
using System.Collections.Generic;
using Portcullis.Core.Text;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Processes;

/// <summary>Names users by passwd(5) of the root directory that a process lives in: a container's 999 is not the host's.</summary>
internal sealed class AccountsByRoot(ISource source)
{
    private readonly Dictionary<string, Passwd> _accounts = new(StringComparer.Ordinal);

    /// <summary>The user's name; null where that root has none.</summary>
    /// <param name="uid">The user id as the process's own root counts it.</param>
    /// <param name="root">What identifies a root directory other than ours; null for ours.</param>
    /// <param name="process">The directory in /proc of a process that has it.</param>
    internal string? NameOf(uint uid, string? root, string process)
    {
        if (!_accounts.TryGetValue(root ?? "", out Passwd? accounts))
        {
            ISource files = root is null ? source : source.InRoot(process + "root");
            _accounts[root ?? ""] = accounts = Passwd.Parse(files.File("/etc/passwd", 1 << 24).Text ?? "");
        }

        return accounts.NameOf(uid);
    }
}
