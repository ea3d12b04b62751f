using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Cli.Report;
using Portcullis.Cli.Table;
using Portcullis.Core.Model;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>Which findings one screen shows.</summary>
public sealed class FindingListTests
{
    private static readonly Terminal s_piped = new(Width: null, Color: false, Unicode: true);

    [Fact]
    public void Service_heard_over_both_families_is_one_matter_to_a_reader_and_two_findings_to_who_asks()
    {
        ImmutableArray<Finding> both = [Of(Severity.Medium, "one", "tcp/any/ipv4/1/a"), Of(Severity.Medium, "one", "tcp/any/ipv6/1/a")];

        Assert.Equal(1, Count(Worst(100, [.. both]), "one"));
        Assert.DoesNotContain("Not shown", Worst(100, [.. both]), StringComparison.Ordinal);
        Assert.Equal(2, Count(All([.. both]), "one"));
        Assert.Equal(2, Count(Worst(100, both[0], both[1] with { Title = "one more" }), "one"));
    }

    [Fact]
    public void Three_worst_are_shown_however_little_room_there_is()
    {
        string shown = Worst(0, [.. Enumerable.Range(1, 5).Select(number => Of(Severity.Medium, $"title{number}", $"s{number}"))]);

        Assert.Equal(["title1", "title2", "title3"], Enumerable.Range(1, 5).Select(number => $"title{number}").Where(title => shown.Contains(title, StringComparison.Ordinal)));
        Assert.Contains("Not shown: 2 medium (portcullis audit --verbose).", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_high_is_shown_and_what_only_informs_never()
    {
        string shown = Worst(0, [.. Enumerable.Range(1, 5).Select(number => Of(Severity.High, $"title{number}", $"s{number}")), Of(Severity.Low, "quiet", "l"), Of(Severity.Info, "hint", "i")]);

        Assert.Equal(5, Count(shown, "title"));
        Assert.Equal(0, Count(shown, "quiet") + Count(shown, "hint"));
        Assert.Contains("Not shown: 1 low, 1 info (portcullis", shown, StringComparison.Ordinal);
        Assert.Equal(1, Count(Worst(100, Of(Severity.Low, "quiet", "l")), "quiet"));
        Assert.StartsWith("\nNot shown: 1 info", Worst(100, Of(Severity.Info, "hint", "i")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Severity.Critical, "\e[1;31m")]
    [InlineData(Severity.High, "\e[1;31m")]
    [InlineData(Severity.Medium, "\e[33m")]
    [InlineData(Severity.Low, "\e[1m")]
    [InlineData(Severity.Info, "")]
    public void Colour_tells_how_bad_it_is(Severity severity, string colour)
    {
        StringBuilder text = new();
        FindingList.WriteAll(text, Server(Of(severity, "title", "s")), s_piped with { Color = true });

        Assert.StartsWith("\n" + colour + severity.ToString().ToUpperInvariant(), text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_taught_to_accept_what_looks_like_an_intruder()
    {
        const string Key = "tcp/any/ipv4/31337/app";
        Finding unneeded = new() { Id = "PC1001", Severity = Severity.Medium, Title = "t", Subject = Key, Remedy = "r" };
        Finding suspect = new() { Id = "PC3001", Severity = Severity.Medium, Title = "u", Subject = Key, Remedy = "r" };

        Assert.Contains($"portcullis accept {Key} --reason TEXT", Screen(Server(unneeded)), StringComparison.Ordinal);
        Assert.DoesNotContain("portcullis accept", Screen(Server(unneeded, suspect)), StringComparison.Ordinal);
        Assert.Contains("portcullis accept", Screen(Server(unneeded, suspect with { Subject = Key + "2" })), StringComparison.Ordinal);
        Assert.DoesNotContain("portcullis accept", Screen(Server(unneeded with { Subject = "host/tcp/443" })), StringComparison.Ordinal);
        Assert.DoesNotContain("portcullis accept", Screen(Server(unneeded with { Severity = Severity.Info })), StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_leave_room_for_the_rest_of_a_screen()
    {
        Finding[] many = [.. Enumerable.Range(1, 60).Select(number => Of(Severity.Medium, $"title{number}", $"s{number}"))];

        Assert.InRange(new AuditTable(Server(many), s_piped with { Height = 24 }, verbose: false).Render().Count('\n'), 12, 24);
        Assert.InRange(new AuditTable(Server(many), s_piped, verbose: false).Render().Count('\n'), 30, 40);
        Assert.True(new AuditTable(Server(many), s_piped with { Height = 24 }, verbose: true).Render().Count('\n') > 120);
    }

    private static Finding Of(Severity severity, string title, string subject) => new() { Id = "PC1001", Severity = severity, Title = title, Subject = subject, Remedy = "r" };

    private static Assessment Server(params Finding[] findings) => Facts.Judged(Facts.Snapshot(), Facts.Policy("roles: []")) with { Findings = [.. findings] };

    private static string Worst(int room, params Finding[] findings)
    {
        StringBuilder text = new();
        FindingList.WriteWorst(text, Server(findings), s_piped, room);
        return text.ToString();
    }

    private static string All(params Finding[] findings)
    {
        StringBuilder text = new();
        FindingList.WriteAll(text, Server(findings), s_piped);
        return text.ToString();
    }

    private static string Screen(Assessment assessment) => new AuditTable(assessment, s_piped, verbose: false).Render();

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
