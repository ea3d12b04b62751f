using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;

namespace Portcullis.Os.Linux.Source;

/// <summary>The names of questions under which their answers are kept.</summary>
internal static class RawRequest
{
    /// <summary>The question who holds what.</summary>
    internal const string Holders = "holders";

    /// <summary>The bytes that can stand in a JSON text as they are.</summary>
    internal static readonly SearchValues<byte> Printable = SearchValues.Create(
        "\t\n !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    internal static string File(string path) => "file " + path;

    internal static string Link(string path) => "link " + path;

    internal static string Directory(string path) => "directory " + path;

    internal static string Status(string path) => "status " + path;

    internal static string FindLines(string directory, string suffix) => $"lines {directory}/*{suffix}";

    internal static string Enter(ulong inode) => string.Create(CultureInfo.InvariantCulture, $"network {inode}");

    internal static string Ask(ulong inode, int protocol, byte[] request) =>
        string.Create(CultureInfo.InvariantCulture, $"network {inode} netlink {protocol} {Convert.ToHexStringLower(request)}");

    internal static string Option(ulong inode, int level, int option, byte[] question) =>
        string.Create(CultureInfo.InvariantCulture, $"network {inode} option {level} {option} {Convert.ToHexStringLower(question)}");

    internal static string ProcNet(ulong inode, string name) => string.Create(CultureInfo.InvariantCulture, $"network {inode} file {name}");

    internal static string WireGuardPort(ulong inode, int index) => string.Create(CultureInfo.InvariantCulture, $"network {inode} wireguard {index}");

    internal static string Programs(ulong inode, uint attachment, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"network {inode} bpf {attachment} {index}");

    internal static string BpfLinks(uint kind) => string.Create(CultureInfo.InvariantCulture, $"bpf links {kind}");

    internal static string BpfLoaded(uint kind) => string.Create(CultureInfo.InvariantCulture, $"bpf programs {kind}");

    internal static string BpfProgram(uint id) => string.Create(CultureInfo.InvariantCulture, $"bpf program {id}");

    internal static string ControlGroup(string mount, ulong id) => string.Create(CultureInfo.InvariantCulture, $"cgroup {id} {mount}");

    internal static string GroupPrograms(string mount, ulong id) => string.Create(CultureInfo.InvariantCulture, $"cgroup {id} bpf {mount}");

    internal static string OwnPrograms(string directory) => "cgroup bpf " + directory;

    internal static string Run(string program, IReadOnlyList<string> arguments) => $"run {program} {string.Join(' ', arguments)}";

    /// <summary>What stands before a question asked inside another root directory.</summary>
    internal static string InRoot(string root) => $"root {root} ";
}
