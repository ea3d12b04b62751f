using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Holders;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>Answers from a recording, in the order of the recording. What was not recorded is not there.</summary>
internal sealed class Player : INetworkSource, IHolderScan, IToolRunner, IProgramSource
{
    private readonly Dictionary<string, AnswerSequence> _answers = new(StringComparer.Ordinal);

    internal Player(ImmutableArray<RawAnswer> answers)
    {
        foreach (RawAnswer answer in answers)
        {
            if (!_answers.TryGetValue(answer.Request, out AnswerSequence? sequence))
            {
                _answers[answer.Request] = sequence = new AnswerSequence();
            }

            sequence.Append(answer.Error != 0
                ? Answer.Refused(answer.Error)
                : Answer.Of(answer.Bytes ?? Encoding.ASCII.GetBytes(answer.Text ?? "")));
        }
    }

    /// <summary>The files of the recorded machine.</summary>
    internal ISource Files => new PlayedFiles(this, "");

    /// <inheritdoc/>
    public int Visit(NamespaceHandle network, Action<INetworkDoor> visit)
    {
        int error = Recall(RawRequest.Enter(network.Inode)).Error;
        if (error == 0)
        {
            visit(new PlayedDoor(this, network.Inode));
        }

        return error;
    }

    /// <inheritdoc/>
    public HolderScanResult Scan() => new(Recall(RawRequest.Holders).Bytes, HolderWay.Recorded);

    /// <inheritdoc/>
    public HolderScanResult ScanAgain(IReadOnlyCollection<ulong> sockets) => Scan();

    /// <inheritdoc/>
    public Answer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int size) => Recall(RawRequest.Run(program, arguments));

    /// <inheritdoc/>
    public Answer Links(uint kind) => Recall(RawRequest.BpfLinks(kind));

    /// <inheritdoc/>
    public Answer Loaded(uint kind) => Recall(RawRequest.BpfLoaded(kind));

    /// <inheritdoc/>
    public Answer Program(uint id) => Recall(RawRequest.BpfProgram(id));

    /// <inheritdoc/>
    public Answer ControlGroup(string mount, ulong id) => Recall(RawRequest.ControlGroup(mount, id));

    /// <inheritdoc/>
    public Answer GroupPrograms(string mount, ulong id) => Recall(RawRequest.GroupPrograms(mount, id));

    /// <inheritdoc/>
    public Answer OwnPrograms(string directory) => Recall(RawRequest.OwnPrograms(directory));

    private Answer Recall(string request) => _answers.TryGetValue(request, out AnswerSequence? answers) ? answers.Next() : Answer.Refused(Errno.ENOENT);

    private sealed class PlayedFiles(Player player, string prefix) : ISource
    {
        public Answer File(string path, int limit = 1 << 20) => player.Recall(prefix + RawRequest.File(path));

        public Answer Link(string path) => player.Recall(prefix + RawRequest.Link(path));

        public Answer Directory(string path) => player.Recall(prefix + RawRequest.Directory(path));

        public Answer Status(string path) => player.Recall(prefix + RawRequest.Status(path));

        public Answer FindLines(string directory, string suffix, IReadOnlyCollection<string> lines) =>
            player.Recall(prefix + RawRequest.FindLines(directory, suffix));

        public ISource InRoot(string root) => new PlayedFiles(player, RawRequest.InRoot(root));
    }

    private sealed class PlayedDoor(Player player, ulong inode) : INetworkDoor
    {
        public Answer Ask(int protocol, byte[] request) => player.Recall(RawRequest.Ask(inode, protocol, request));

        public Answer WireGuardPort(int index) => player.Recall(RawRequest.WireGuardPort(inode, index));

        public Answer Option(int level, int option, byte[] question, int length) => player.Recall(RawRequest.Option(inode, level, option, question));

        public Answer Programs(uint attachment, int index) => player.Recall(RawRequest.Programs(inode, attachment, index));

        public Answer ProcNet(string name) => player.Recall(RawRequest.ProcNet(inode, name));
    }
}
