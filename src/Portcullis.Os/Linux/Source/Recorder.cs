using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Holders;

namespace Portcullis.Os.Linux.Source;

/// <summary>Passes every question on to the machine and keeps the answers: to each question in the order in which they came.</summary>
internal sealed class Recorder(ISource files, INetworkSource network, IHolderScan scan, IToolRunner tools, IProgramSource programs) : INetworkSource, IHolderScan, IToolRunner, IProgramSource
{
    private readonly ConcurrentDictionary<string, AnswerSequence> _answers = new(StringComparer.Ordinal);

    /// <summary>The files of the machine.</summary>
    internal ISource Files => new RecordedFiles(this, files, "");

    /// <summary>What was asked so far, by request; answers to the same question one after the other.</summary>
    internal ImmutableArray<RawAnswer> Answers =>
        [.. _answers.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.Recorded.Select(answer => Raw(pair.Key, answer)))];

    /// <inheritdoc/>
    public int Visit(NamespaceHandle handle, Action<INetworkDoor> visit)
    {
        int error = network.Visit(handle, door => visit(new RecordedDoor(this, handle.Inode, door)));
        Keep(RawRequest.Enter(handle.Inode), error == 0 ? Answer.Of(default) : Answer.Refused(error));
        return error;
    }

    /// <inheritdoc/>
    public HolderScanResult Scan()
    {
        HolderScanResult result = scan.Scan();
        Keep(RawRequest.Holders, Answer.Of(result.Records.ToArray()));
        return result;
    }

    /// <inheritdoc/>
    public HolderScanResult ScanAgain(IReadOnlyCollection<ulong> sockets)
    {
        HolderScanResult result = scan.ScanAgain(sockets);
        Keep(RawRequest.Holders, Answer.Of(result.Records.ToArray()));
        return result;
    }

    /// <inheritdoc/>
    public Answer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int size) =>
        Keep(RawRequest.Run(program, arguments), tools.Run(program, arguments, limit, size));

    /// <inheritdoc/>
    public Answer Links(uint kind) => Keep(RawRequest.BpfLinks(kind), programs.Links(kind));

    /// <inheritdoc/>
    public Answer Loaded(uint kind) => Keep(RawRequest.BpfLoaded(kind), programs.Loaded(kind));

    /// <inheritdoc/>
    public Answer Program(uint id) => Keep(RawRequest.BpfProgram(id), programs.Program(id));

    /// <inheritdoc/>
    public Answer ControlGroup(string mount, ulong id) => Keep(RawRequest.ControlGroup(mount, id), programs.ControlGroup(mount, id));

    /// <inheritdoc/>
    public Answer GroupPrograms(string mount, ulong id) => Keep(RawRequest.GroupPrograms(mount, id), programs.GroupPrograms(mount, id));

    /// <inheritdoc/>
    public Answer OwnPrograms(string directory) => Keep(RawRequest.OwnPrograms(directory), programs.OwnPrograms(directory));

    private Answer Keep(string request, Answer answer)
    {
        _answers.GetOrAdd(request, static _ => new AnswerSequence()).Add(answer);
        return answer;
    }

    private static RawAnswer Raw(string request, Answer answer)
    {
        bool printable = !answer.Span.ContainsAnyExcept(RawRequest.Printable);
        return new RawAnswer(
            request,
            answer.Error,
            answer.Ok && printable ? Encoding.ASCII.GetString(answer.Span) : null,
            answer.Ok && !printable ? answer.Span.ToArray() : null);
    }

    private sealed class RecordedFiles(Recorder recorder, ISource files, string prefix) : ISource
    {
        public Answer File(string path, int limit = 1 << 20) => recorder.Keep(prefix + RawRequest.File(path), files.File(path, limit));

        public Answer Link(string path) => recorder.Keep(prefix + RawRequest.Link(path), files.Link(path));

        public Answer Directory(string path) => recorder.Keep(prefix + RawRequest.Directory(path), files.Directory(path));

        public Answer Status(string path) => recorder.Keep(prefix + RawRequest.Status(path), files.Status(path));

        public Answer FindLines(string directory, string suffix, IReadOnlyCollection<string> lines) =>
            recorder.Keep(prefix + RawRequest.FindLines(directory, suffix), files.FindLines(directory, suffix, lines));

        public ISource InRoot(string root) => new RecordedFiles(recorder, files.InRoot(root), RawRequest.InRoot(root));
    }

    private sealed class RecordedDoor(Recorder recorder, ulong inode, INetworkDoor door) : INetworkDoor
    {
        public Answer Ask(int protocol, byte[] request) => recorder.Keep(RawRequest.Ask(inode, protocol, request), door.Ask(protocol, request));

        public Answer WireGuardPort(int index) => recorder.Keep(RawRequest.WireGuardPort(inode, index), door.WireGuardPort(index));

        public Answer Option(int level, int option, byte[] question, int length) =>
            recorder.Keep(RawRequest.Option(inode, level, option, question), door.Option(level, option, question, length));

        public Answer Programs(uint attachment, int index) => recorder.Keep(RawRequest.Programs(inode, attachment, index), door.Programs(attachment, index));

        public Answer ProcNet(string name) => recorder.Keep(RawRequest.ProcNet(inode, name), door.ProcNet(name));
    }
}
