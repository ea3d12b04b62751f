using System;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Changes;
using Portcullis.Tests.Planning;
using Xunit;

namespace Portcullis.Tests.Text.Changes;

/// <summary>What was written down is read again as it was, also where a crash has cut it off.</summary>
public sealed class JournalTextTests
{
    private static readonly ChangeRecord s_change = ChangeStatesTests.Change("Begun Armed Making Made Verified Failed Confirmed Reverted Undone") with { Session = new RemoteSession(IpAddress.Parse("fd00::7"), 4000, 22) };
    private static readonly byte[] s_events = [.. s_change.Events.SelectMany(JournalText.Line)];

    [Fact]
    public void What_was_written_is_read()
    {
        ChangeRecord read = JournalText.Read(JournalText.Line(s_change), s_events, out string? error)!;
        Assert.Null(error);
        Assert.Equal(s_change with { Events = [], Effects = [] }, read with { Events = [], Effects = [] });
        Assert.Equal(s_change.Events, read.Events);
        Assert.Equal(s_change.Effects, read.Effects);
        Assert.Null(JournalText.Read(JournalText.Line(s_change with { Session = null }), s_events, out _)!.Session);
    }

    [Fact]
    public void Line_that_a_crash_cut_off_is_left_out()
    {
        int whole = JournalText.Line(s_change.Events[0]).Length;
        for (int length = 0; length < s_events.Length; length++)
        {
            ChangeRecord read = JournalText.Read(JournalText.Line(s_change), s_events.AsSpan(0, length), out string? error)!;
            Assert.Null(error);
            Assert.Equal(s_change.Events.Take(read.Events.Length), read.Events);
            Assert.Equal(length >= whole, read.Events.Length > 0);
        }
    }

    [Theory]
    [InlineData("{\"at\":\"2026-11-22T12:00:00Z\",\"event\":\"exploded\"}\n", "line 1 of its journal: something is missing in it, or not of its form")]
    [InlineData("{\"at\":\"2026-11-22T12:00:00Z\",\"event\":\"begun\"}\nx\n", "line 2 of its journal: it is no JSON")]
    [InlineData("{\"event\":\"begun\"}\n", "line 1 of its journal: something is missing in it, or not of its form")]
    public void Line_that_cannot_be_read_is_told(string events, string expected)
    {
        Assert.NotNull(JournalText.Read(JournalText.Line(s_change), Encoding.UTF8.GetBytes(events), out string? error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Line_of_the_reverter_is_read()
    {
        ChangeRecord read = JournalText.Read(JournalText.Line(s_change), "{\"at\":\"2026-11-22T12:00:00Z\",\"event\":\"reverted\",\"note\":\"it was not confirmed in time\"}\n"u8, out _)!;
        Assert.Equal(new ChangeEvent(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), ChangeEventKind.Reverted, "it was not confirmed in time"), Assert.Single(read.Events));
    }

    [Fact]
    public void Hostile_files_never_throw()
    {
        byte[] change = JournalText.Line(s_change);
        TextFuzz.RunBytes(change, static bytes => JournalText.Read(bytes.ToArray(), s_events, out _));
        TextFuzz.RunBytes(s_events, bytes => JournalText.Read(change, bytes, out _));
    }
}
