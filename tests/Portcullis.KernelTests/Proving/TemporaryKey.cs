using System;
using System.IO;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Proving;

/// <summary>A key by which ssh(1) gets into a server of the lab, and that is forgotten afterwards; the user's own settings are left alone.</summary>
internal sealed class TemporaryKey : IDisposable
{
    private readonly string _folder;

    private TemporaryKey(string folder) => _folder = folder;

    /// <summary>Makes one, and has the server know it.</summary>
    internal static async Task<TemporaryKey> Make(Box box)
    {
        TemporaryKey key = new(Directory.CreateTempSubdirectory("pct-key").FullName);
        (await Command.Run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(key._folder, "key"))).MustSucceed();
        string known = await File.ReadAllTextAsync(Path.Combine(key._folder, "key.pub"));
        (await box.Run("sh", "-c", $"home=$(getent passwd 0 | cut -d: -f6) && mkdir -p -m 700 $home/.ssh && echo '{known.Trim()}' >$home/.ssh/authorized_keys")).MustSucceed();
        string ssh = Path.Combine(key._folder, "ssh");
        await File.WriteAllTextAsync(ssh, $"#!/bin/sh\nexec /usr/bin/ssh -F none -i {key._folder}/key -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={key._folder}/known -o LogLevel=ERROR \"$@\"\n");
        (await Command.Run("chmod", "700", ssh)).MustSucceed();
        return key;
    }

    /// <summary>Audits the server's client, asked from the server.</summary>
    internal Task<CommandResult> Audit(Box box, params string[] options) => box.FromClient(
        "env", ["PATH=" + _folder + ":" + Environment.GetEnvironmentVariable("PATH"), "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), "audit", "--json", "--prove", "--from", "root@" + Box.Address4, .. options]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
