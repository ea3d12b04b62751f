using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Portcullis.KernelTests.Proving;
using Portcullis.KernelTests.Scanning;
using Portcullis.Os.Linux.Changes;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Changing;

/// <summary>A host whose firewall is somebody else's and lets all in, a peer on its link, and a journal of its own.</summary>
internal sealed class ChangedHost : IDisposable
{
    /// <summary>Lets ssh in from the peer, https from everybody, and 8080 from nobody who is there.</summary>
    internal const string Policy =
        """
        zones: { admin: [10.77.0.0/30, "fd77::/64"], far: [192.0.2.0/24] }
        roles: [web-server, ssh-admin]
        allow:
          - port: 8080/tcp
            from: far
            reason: to be kept out
        """;

    private const string Foreign =
        """
        table inet others {
          counter seen { packets 7 bytes 700
          }
          set friends { type ipv4_addr; elements = { 10.77.0.2 }
          }
          chain input {
            type filter hook input priority filter + 10; policy accept;
            ip saddr @friends tcp dport 9999 reject with tcp reset
          }
        }

        """;

    private readonly ProvedHost _proved;
    private readonly string _folder;

    private ChangedHost(ProvedHost proved, string folder)
    {
        _proved = proved;
        _folder = folder;
    }

    internal Network Host => _proved.Host;

    internal Network Peer => _proved.Peer;

    /// <summary>The folder of its journal.</summary>
    internal string State => Path.Combine(_folder, "state");

    /// <summary>The policy's file.</summary>
    internal string PolicyFile => Path.Combine(_folder, "portcullis.yaml");

    /// <summary>Listeners stand on 22, 80, 443, 5432, 6379, 8080 and 9999.</summary>
    internal static async Task<ChangedHost> Create(string policy = Policy)
    {
        ChangedHost made = new(await ProvedHost.Create(), Directory.CreateTempSubdirectory("pct-change-").FullName);
        made._proved.Listen(made.Host, 22, 80, 443);
        await made.Host.Load("flush ruleset\n" + Foreign);
        await File.WriteAllTextAsync(made.PolicyFile, policy);
        return made;
    }

    /// <summary>Runs the program with this journal and policy.</summary>
    internal Task<CommandResult> Portcullis(params string[] arguments) => PortcullisBy(null, arguments);

    /// <summary>The same for somebody who has come over ssh: "10.77.0.2 50000 10.77.0.1 22".</summary>
    internal Task<CommandResult> PortcullisBy(string? connection, params string[] arguments)
    {
        List<string> command = [$"PORTCULLIS_STATE={State}", $"SSH_CONNECTION={connection}", "dotnet", Path.Combine(LabFiles.Program, "portcullis.dll"), .. arguments];
        if (arguments[0] is "plan" or "apply")
        {
            command.AddRange(["--policy", PolicyFile]);
        }

        return Host.Run("env", [.. command]);
    }

    /// <summary>All rules, with what their counters have counted.</summary>
    internal async Task<string> Rules() => (await Host.Run("nft", "list", "ruleset")).MustSucceed();

    /// <summary>What the peer finds open.</summary>
    internal async Task<int[]> OpenFor(string address) => (await ScannedTarget.By(Peer, address)).Open;

    /// <summary>The journal, as the program reads it.</summary>
    internal FileJournal Journal() => new(new StateFolder(State));

    /// <inheritdoc/>
    public void Dispose()
    {
        _proved.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
