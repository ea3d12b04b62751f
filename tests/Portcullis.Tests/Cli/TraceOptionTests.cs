using System;
using Xunit;

namespace Portcullis.Tests.Cli;

/// <summary>What cannot be traced, or told, is refused before anything is sent.</summary>
public sealed class TraceOptionTests
{
    [Theory]
    [InlineData("0.0.0.0:22", "stands for all")]
    [InlineData("[::]:22", "stands for all")]
    [InlineData("255.255.255.255:22", "address of many hosts")]
    [InlineData("224.0.0.1:22", "address of many hosts")]
    [InlineData("[ff02::1]:22", "address of many hosts")]
    [InlineData("192.0.2.2-9:22", "8 hosts")]
    public void What_is_not_one_host_is_refused(string target, string why)
    {
        ProgramRun.Result result = ProgramRun.Of(["trace", target, "--i-own-this"]);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--pcap", "-", "both go to standard output")]
    [InlineData("--watch", "--output=way.json", "leave --output out")]
    public void Outputs_that_run_into_each_other_are_refused(string option, string other, string why)
    {
        ProgramRun.Result result = ProgramRun.Of(["trace", "192.0.2.1:9", "--i-own-this", option, other]);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }
}
