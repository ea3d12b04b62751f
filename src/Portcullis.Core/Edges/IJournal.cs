using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Edges;

/// <summary>
/// Where changes of this machine are written down before they are made. What is written is on the disk when a call comes back, so that it
/// is there after a crash or a power cut.
/// </summary>
public interface IJournal
{
    /// <summary>Which run of the machine this is.</summary>
    string Boot { get; }

    /// <summary>The network namespace that is changed, as /proc names it.</summary>
    string Network { get; }

    /// <summary>The time since the machine's start; no change of the date moves it.</summary>
    TimeSpan Uptime { get; }

    /// <summary>Keeps every other program from changing something until it is disposed of.</summary>
    /// <exception cref="ChangeException">Another one is at work.</exception>
    IDisposable Lock();

    /// <summary>The changes so far, the oldest first.</summary>
    /// <param name="gaps">What of them could not be read.</param>
    /// <exception cref="ChangeException">None can be read.</exception>
    ImmutableArray<ChangeRecord> Read(out ImmutableArray<Gap> gaps);

    /// <summary>Writes a new change down, with what makes it and what takes it back.</summary>
    /// <param name="change">The change; its events are written too.</param>
    /// <param name="making">The script that makes it.</param>
    /// <param name="before">The script that takes it back.</param>
    /// <exception cref="ChangeException">It cannot be written.</exception>
    void Begin(ChangeRecord change, string making, string before);

    /// <summary>Adds to what happened to a change.</summary>
    /// <exception cref="ChangeException">It cannot be written.</exception>
    void Add(string change, ChangeEvent what);

    /// <summary>Decides what becomes of a change, once and for all; tells whether nobody had before.</summary>
    /// <exception cref="ChangeException">It cannot be written.</exception>
    bool TryDecide(string change, ChangeOutcome outcome);

    /// <summary>The script that makes a change.</summary>
    /// <exception cref="ChangeException">It cannot be read.</exception>
    string Making(string change);

    /// <summary>The script that takes a change back.</summary>
    /// <exception cref="ChangeException">It cannot be read.</exception>
    string Before(string change);

    /// <summary>Keeps how the table reads once a change is made, so that it is seen whether somebody has changed it since.</summary>
    /// <exception cref="ChangeException">It cannot be written.</exception>
    void KeepMade(string change, string listing);

    /// <summary>How the table read then; null where it was not kept.</summary>
    string? Made(string change);
}
