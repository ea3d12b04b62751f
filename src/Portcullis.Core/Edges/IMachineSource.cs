using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>Gives access to machines: this one, or one whose raw answers were recorded.</summary>
public interface IMachineSource
{
    /// <summary>The present time, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The machine that this process runs on.</summary>
    /// <param name="record">Whether its raw answers are to be kept.</param>
    RecordedMachine Live(bool record);

    /// <summary>Understands rulesets that are not in force.</summary>
    IGivenRules GivenRules { get; }

    /// <summary>The ways to probe other hosts from this machine.</summary>
    IProbeDoors Probes { get; }

    /// <summary>The ways to see a connection packet by packet.</summary>
    ITraceDoors Traces { get; }

    /// <summary>The ways to have this machine asked from elsewhere.</summary>
    IPeers Peers { get; }

    /// <summary>Makes twins of this machine.</summary>
    ITwins Twins { get; }

    /// <summary>What it takes to change this machine, and to take it back.</summary>
    ChangeTools Changes();

    /// <summary>The way over the network by which the user of this process has come; null where there is none that can be seen.</summary>
    RemoteSession? Session();

    /// <summary>The machine that gave the recorded answers; what was not recorded is refused as not there.</summary>
    Machine Replay(ImmutableArray<RawAnswer> answers);
}

/// <summary>A machine and, where they are kept, the raw answers it has given so far.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Answers">Gives the answers, sorted by request; null where they are not kept.</param>
public sealed record RecordedMachine(Machine Machine, Func<ImmutableArray<RawAnswer>>? Answers);
