using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using Xunit;

namespace Portcullis.Tests.Police;

/// <summary>./portcullis with a false compiler: when it builds, what it says, and what it leaves behind.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly FakeCheckout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public void First_use_builds_and_says_so_in_one_line_and_the_second_only_runs()
    {
        FakeCheckout.Outcome first = _checkout.Run("audit", "--root", "a b", "");
        Assert.Equal((7, "audit|--root|a b||"), (first.Code, first.Output));
        Assert.StartsWith("portcullis: building (first use", Assert.Single(first.Errors), StringComparison.Ordinal);

        FakeCheckout.Outcome second = _checkout.Run("--help");
        Assert.Equal((7, "--help|"), (second.Code, second.Output));
        Assert.Empty(second.Errors);
        Assert.Equal(1, _checkout.Builds);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("added")]
    [InlineData("deleted")]
    [InlineData("settings")]
    public void Changed_sources_are_built_again(string what)
    {
        _checkout.Run();
        switch (what)
        {
            case "changed": _checkout.Write("src/Portcullis/Program.cs", "other"); break;
            case "added": _checkout.Write("src/Portcullis/Third.cs", "third"); break;
            case "deleted": _checkout.Delete("src/Portcullis/Second.cs"); break;
            default: _checkout.Write("global.json", "{ }"); break;
        }

        FakeCheckout.Outcome again = _checkout.Run();
        Assert.Contains("sources changed", Assert.Single(again.Errors), StringComparison.Ordinal);
        Assert.Equal((7, 2), (again.Code, _checkout.Builds));
        Assert.Empty(_checkout.Run().Errors);
        Assert.Equal(2, _checkout.Builds);
    }

    [Fact]
    public void A_new_time_stamp_and_an_editors_file_are_no_change()
    {
        _checkout.Run();
        _checkout.Write("src/Portcullis/Program.cs", "first");
        _checkout.Write("src/Portcullis/.Program.cs.swp", "");
        _checkout.Write("src/Portcullis/Program.cs~", "");
        Assert.Empty(_checkout.Run().Errors);
        Assert.Equal(1, _checkout.Builds);
        Assert.Empty(_checkout.Leftovers());
    }

    [Fact]
    public void It_runs_through_links()
    {
        string link = Path.Combine(_checkout.Home, "link");
        File.CreateSymbolicLink(link, "a checkout/portcullis");
        string second = Path.Combine(_checkout.Home, "second");
        File.CreateSymbolicLink(second, link);
        Assert.Equal(7, FakeCheckout.Wait(_checkout.Start(second, "/", null)).Code);
        Assert.Equal(7, FakeCheckout.Wait(_checkout.Start("/bin/sh", _checkout.Root, null, "portcullis")).Code);
        Assert.Equal(1, _checkout.Builds);
    }

    [Theory]
    [InlineData("A.cs(1,2): error CS1002: ; expected", 70, "does not compile")]
    [InlineData("x.csproj : error NU1301: Unable to load the service index", 2, "needs the network")]
    [InlineData("MSB3021: Unable to copy. No space left on device", 2, "no space left")]
    [InlineData("error NETSDK1045: The current .NET SDK does not support targeting", 2, "NETSDK1045")]
    [InlineData("something nobody has seen", 70, "the build failed")]
    public void A_build_that_fails_says_why_in_one_line_and_leaves_the_old_one(string error, int code, string words)
    {
        _checkout.Run();
        _checkout.Write("src/Portcullis/Program.cs", "other");
        FakeCheckout.Outcome failed = _checkout.RunWith("FAKE_ERROR", error);
        Assert.Equal(code, failed.Code);
        Assert.Equal(2, failed.Errors.Length); // "building", and why not
        Assert.Contains(words, failed.Errors[1], StringComparison.Ordinal);
        Assert.Empty(_checkout.Leftovers());

        _checkout.Write("src/Portcullis/Program.cs", "first");
        FakeCheckout.Outcome back = _checkout.Run();
        Assert.Equal(7, back.Code);
        Assert.Empty(back.Errors);
    }

    [Fact]
    public void Two_at_once_build_once()
    {
        Process first = _checkout.Start(_checkout.Launcher, "/", ("FAKE_SLOW", "0.5"));
        Process second = _checkout.Start(_checkout.Launcher, "/", ("FAKE_SLOW", "0.5"));
        Assert.Equal(7, FakeCheckout.Wait(first).Code);
        Assert.Equal(7, FakeCheckout.Wait(second).Code);
        Assert.Equal(1, _checkout.Builds);
    }

    [Fact]
    public void A_change_made_during_the_build_is_seen_the_next_time()
    {
        Process process = _checkout.Start(_checkout.Launcher, "/", ("FAKE_SLOW", "0.5"));
        Assert.True(SpinWait.SpinUntil(() => _checkout.Builds == 1, TimeSpan.FromSeconds(20)));
        _checkout.Write("src/Portcullis/Program.cs", "other");
        Assert.Equal(7, FakeCheckout.Wait(process).Code);
        Assert.Single(_checkout.Run().Errors);
        Assert.Equal(2, _checkout.Builds);
    }

    [Fact]
    public void An_interrupted_build_leaves_the_old_one_and_no_litter()
    {
        _checkout.Run();
        _checkout.Write("src/Portcullis/Program.cs", "other");
        Process process = _checkout.Start(_checkout.Launcher, "/", ("FAKE_SLOW", "1"));
        Assert.True(SpinWait.SpinUntil(() => _checkout.Builds == 2, TimeSpan.FromSeconds(20)));
        _checkout.Interrupt(process);
        Assert.Equal(130, FakeCheckout.Wait(process).Code);
        Assert.Empty(_checkout.Leftovers());

        _checkout.Write("src/Portcullis/Program.cs", "first");
        FakeCheckout.Outcome back = _checkout.Run();
        Assert.Equal(7, back.Code);
        Assert.Empty(back.Errors);
    }
}
