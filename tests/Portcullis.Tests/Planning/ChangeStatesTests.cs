using System;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Planning;
using Xunit;

namespace Portcullis.Tests.Planning;

/// <summary>How a change stands, by what its journal tells: at every instant at which its maker may have been killed.</summary>
public sealed class ChangeStatesTests
{
    [Theory]
    [InlineData("", null, ChangeState.Abandoned)]
    [InlineData("Begun", null, ChangeState.Abandoned)]
    [InlineData("Begun Armed", null, ChangeState.Abandoned)]
    [InlineData("Begun Armed Making", null, ChangeState.Waiting)]
    [InlineData("Begun Armed Making Made", null, ChangeState.Waiting)]
    [InlineData("Begun Armed Making Made Verified", null, ChangeState.Waiting)]
    [InlineData("Begun Armed Making Failed", null, ChangeState.Waiting)]
    [InlineData("Begun Armed Making Made Verified", ChangeOutcome.Confirmed, ChangeState.Confirming)]
    [InlineData("Begun Armed Making Made Verified Nothing Confirmed", ChangeOutcome.Confirmed, ChangeState.Confirmed)]
    [InlineData("Begun Armed Making Made Verified Confirmed", ChangeOutcome.Confirmed, ChangeState.Confirmed, ChangeState.LostAtRestart)] // with a note: nothing loads it at the start
    [InlineData("Begun Armed Making Made Verified Confirmed Undoing", ChangeOutcome.Confirmed, ChangeState.Undoing)]
    [InlineData("Begun Armed Making Made", ChangeOutcome.Reverted, ChangeState.Reverting)]
    [InlineData("Begun Armed Making Failed Reverted", ChangeOutcome.Reverted, ChangeState.Reverted)]
    [InlineData("Begun Armed Making Made Verified Confirmed Undone", ChangeOutcome.Confirmed, ChangeState.Undone)]
    [InlineData("Begun Armed Reverted", ChangeOutcome.Reverted, ChangeState.Reverted)] // killed before it was made, and taken back in time all the same
    public void State_follows_from_the_events(string events, ChangeOutcome? outcome, ChangeState expected, ChangeState? afterRestart = null)
    {
        ChangeRecord change = Change(events) with { Outcome = outcome };
        Assert.Equal(expected, ChangeStates.Of(change, "boot 1"));
        bool isGone = expected is ChangeState.Waiting or ChangeState.Reverting;
        Assert.Equal(afterRestart ?? (isGone ? ChangeState.LostAtRestart : expected), ChangeStates.Of(change, "boot 2"));
    }

    [Fact]
    public void Every_state_has_words() => Assert.Equal(9, Enum.GetValues<ChangeState>().Select(ChangeStates.Word).Distinct().Count(static word => word.Length > 0));

    internal static ChangeRecord Change(string events) => new()
    {
        Id = "20261122-120000-0123456789ab",
        Plan = "0123456789ab",
        Policy = "portcullis.yaml",
        By = "root",
        At = DateTimeOffset.UnixEpoch,
        Effects = ["it \"closes\""],
        Patience = TimeSpan.FromSeconds(60),
        Boot = "boot 1",
        Network = "net:[1]",
        Events = [.. events.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static (word, at) => (word, at)).Where(static one => one.word != "Nothing").Select(static one => new ChangeEvent(DateTimeOffset.UnixEpoch.AddSeconds(one.at), Enum.Parse<ChangeEventKind>(one.word), one.at % 2 == 0 ? null : "why"))],
    };
}
