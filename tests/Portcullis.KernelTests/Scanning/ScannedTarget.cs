using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;

namespace Portcullis.KernelTests.Scanning;

/// <summary>What <c>portcullis scan --json</c> said.</summary>
internal sealed class ScannedTarget
{
    private readonly JsonElement _root;

    private ScannedTarget(CommandResult result)
    {
        Result = result;
        _root = JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>How the command ended.</summary>
    internal CommandResult Result { get; }

    /// <summary>The open ports, in order.</summary>
    internal int[] Open => Ports("open");

    /// <summary>Whether all is known.</summary>
    internal bool Complete => _root.GetProperty("complete").GetBoolean();

    /// <summary>Why not.</summary>
    internal IReadOnlyList<string> Gaps => [.. _root.GetProperty("gaps").EnumerateArray().Select(static gap => $"{gap.GetProperty("what").GetString()}: {gap.GetProperty("why").GetString()}")];

    /// <summary>Scans.</summary>
    internal static async Task<ScannedTarget> By(NetworkNamespace from, string target, params string[] options) =>
        new(await from.Portcullis(["scan", target, "--i-own-this", "--json", .. options]));

    /// <summary>The same without privileges.</summary>
    internal static async Task<ScannedTarget> ByNobody(NetworkNamespace from, string target, params string[] options) =>
        new(await from.Run("setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", "dotnet", System.IO.Path.Combine(LabFiles.Program, "portcullis.dll"), "scan", target, "--i-own-this", "--json", .. options]));

    /// <summary>The ports that are told to be in a state.</summary>
    internal int[] Ports(string state) => [.. _root.GetProperty("ports").EnumerateArray().Where(port => port.GetProperty("state").GetString() == state).Select(static port => port.GetProperty("port").GetInt32())];

    /// <summary>A number of the summary.</summary>
    internal double Summary(string name) => _root.GetProperty("summary").GetProperty(name).GetDouble();
}
