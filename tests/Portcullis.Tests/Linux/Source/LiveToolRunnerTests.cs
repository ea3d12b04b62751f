using System;
using System.Diagnostics;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Source;
using Xunit;

namespace Portcullis.Tests.Linux.Source;

public sealed class LiveToolRunnerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly LiveToolRunner _tools = new();

    [Fact]
    public void A_program_answers_in_the_C_locale_with_its_arguments_untouched()
    {
        Assert.Equal("C|$HOME *|\n", _tools.Run("/bin/sh", ["-c", "printf '%s|%s|\\n' \"$LC_ALL\" \"$1\"; echo no >&2", "sh", "$HOME *"], Limit, 100).Text);
        Assert.Equal(string.Empty, _tools.Run("/bin/cat", [], Limit, 100).Text);
    }

    [Fact]
    public void Too_long_too_much_or_not_there_is_refused()
    {
        Stopwatch clock = Stopwatch.StartNew();

        Assert.Equal(Errno.ETIMEDOUT, _tools.Run("/bin/sleep", ["60"], TimeSpan.FromMilliseconds(200), 100).Error);
        Assert.Equal(Errno.EFBIG, _tools.Run("/bin/sh", ["-c", "while :; do echo xxxxxxxxxxxxxxxx; done"], Limit, 1000).Error);
        Assert.Equal(Errno.ENOENT, _tools.Run("/no/such/program", [], Limit, 100).Error);
        Assert.Equal(Errno.EINVAL, _tools.Run("sh", [], Limit, 100).Error);
        Assert.True(clock.Elapsed < Limit);
    }
}
