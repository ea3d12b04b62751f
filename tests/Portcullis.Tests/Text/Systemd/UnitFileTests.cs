using System;
using System.Linq;
using Portcullis.Core.Text.Systemd;
using Xunit;

namespace Portcullis.Tests.Text.Systemd;

public sealed class UnitFileTests
{
    private const string Sample = "# c\n[Unit]\nDescription=a b\n\n[Socket]\nListenStream=1\\\n; c\n 2\nAccept = yes\nService=x@%i.service\n[Install]\nAlias=a.socket \"b.socket\"\n";

    [Fact]
    public void Settings_come_in_order_with_their_sections()
    {
        UnitFile file = UnitFile.Parse(Sample);

        Assert.Equal(
            ["Unit.Description=a b", "Socket.ListenStream=1  2", "Socket.Accept=yes", "Socket.Service=x@%i.service", "Install.Alias=a.socket \"b.socket\""],
            file.Settings.Select(static setting => $"{setting.Section}.{setting.Key}={setting.Value}"));
        Assert.Equal(["a.socket", "b.socket"], file.Words("Install", "Alias"));
    }

    [Theory]
    [InlineData("[A]\r\nb=1\r\nc=2\r\n", "b=1 c=2")]
    [InlineData("[A]\rb=1\rc=2\r", "b=1 c=2")]
    [InlineData("\ufeff[A]\nb=1", "b=1")]
    [InlineData("[A]\nb=1\0c=2", "b=1 c=2")]
    [InlineData("b=1\n[A]\nc=2", "c=2")]
    [InlineData("[A]\n=1\nnonsense\n[B\nc=2", "c=2")]
    [InlineData("[A]\nb=1\\\\\nc=2", "b=1\\\\ c=2")]
    [InlineData("[A]\nb=1\\\r\n2", "b=1 2")]
    [InlineData("[A]\nb=x=y", "b=x=y")]
    [InlineData("[A]\nb=1\\", "b=1")]
    public void Lines_are_read_as_systemd_reads_them(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', UnitFile.Parse(text).Settings.Select(static setting => $"{setting.Key}={setting.Value}")));

    [Fact]
    public void A_drop_in_comes_after_and_an_empty_assignment_resets()
    {
        UnitFile file = UnitFile.Parse("[Install]\nWantedBy=a b\n[Unit]\nDescription=x\n").With(UnitFile.Parse("[Install]\nWantedBy=\nWantedBy=c\n"));

        Assert.Equal(["c"], file.Words("Install", "WantedBy"));
        Assert.Equal("x", file.Last("Unit", "Description"));
        Assert.Null(file.With(UnitFile.Parse("[Unit]\nDescription=")).Last("Unit", "Description"));
        Assert.Null(file.Last("Service", "Description"));
    }

    [Fact]
    public void A_socket_listens_after_the_last_reset_and_starts_its_namesake()
    {
        SocketSection socket = SocketSection.Of(
            UnitFile.Parse("[Socket]\nListenStream=1\nListenDatagram=\nListenStream=%i:22\nListenDatagram=%t/%N.sock\n"), "a@10.0.0.1.socket", SpecifierValues.System);

        Assert.Equal(["ListenStream=10.0.0.1:22", "ListenDatagram=/run/a@10.0.0.1.sock"], socket.Listens);
        Assert.Equal("a@10.0.0.1.service", socket.Activates);
    }

    [Theory]
    [InlineData("ListenStream=1\nAccept=yes", "a@.service")]
    [InlineData("ListenStream=1\nAccept=no", "a.service")]
    [InlineData("ListenDatagram=1\nAccept=yes", "a.service")]
    [InlineData("ListenStream=1\nService=b.service", "b.service")]
    [InlineData("ListenStream=1\nService=b.socket", "a.service")]
    public void What_a_socket_starts_depends_on_accept_and_service(string text, string starts) =>
        Assert.Equal(starts, SocketSection.Of(UnitFile.Parse("[Socket]\n" + text), "a.socket", SpecifierValues.System).Activates);

    [Theory]
    [InlineData("%i|%I|%j|%p|%P|%n|%N|%%|%f", "x-y\\x2dz|x/y-z|b|a-b|a/b|a-b@x-y\\x2dz.service|a-b@x-y\\x2dz|%|/x/y-z")]
    [InlineData("%t%S%U%u%h", "/run/var/lib0root/root")]
    [InlineData("%q%", "%q%")]
    public void Specifiers_are_resolved_where_known(string text, string expected) =>
        Assert.Equal(expected, Specifiers.Resolve(text, "a-b@x-y\\x2dz.service", SpecifierValues.System));

    [Theory]
    [InlineData("a.service", true)]
    [InlineData("a@.service", true)]
    [InlineData("a@b@c.service", true)]
    [InlineData("a.b.socket", true)]
    [InlineData("@b.service", false)]
    [InlineData(".service", false)]
    [InlineData("a.conf", false)]
    [InlineData("a b.service", false)]
    [InlineData("a/b.service", false)]
    [InlineData("", false)]
    public void Unit_names_have_a_grammar(string name, bool valid) => Assert.Equal(valid, UnitName.IsValid(name));

    [Fact]
    public void A_name_of_256_letters_is_too_long()
    {
        Assert.True(UnitName.IsValid(new string('a', 247) + ".service"));
        Assert.False(UnitName.IsValid(new string('a', 248) + ".service"));
    }

    [Theory]
    [InlineData("*", "x", true)]
    [InlineData("a*c?.service", "abbbcd.service", true)]
    [InlineData("a*c?.service", "abbbcc", false)]
    [InlineData("ref.[st]*", "ref.socket", true)]
    [InlineData("ref.[!st]*", "ref.socket", false)]
    [InlineData("x[a-c]", "xb", true)]
    [InlineData("x[a-c]", "xd", false)]
    [InlineData("x[]]", "x]", true)]
    [InlineData("x[", "x[", true)]
    [InlineData("a\\*", "a\\b", true)]
    public void Patterns_match_as_fnmatch_does(string pattern, string text, bool matches) => Assert.Equal(matches, Glob.IsMatch(pattern, text));

    [Fact]
    public void A_pattern_of_many_stars_takes_no_long_time() =>
        Assert.False(Glob.IsMatch(string.Concat(Enumerable.Repeat("*a", 500)) + "b", new string('a', 2000)));

    [Theory]
    [InlineData("ssh.service", "enabled")]
    [InlineData("cups.service", "disabled")]
    [InlineData("x.service", "ignored")]
    [InlineData("t@a.service", "enabled")]
    [InlineData("t@c.service", "disabled")]
    public void The_first_preset_rule_that_matches_counts(string unit, string preset)
    {
        Presets presets = new();
        presets.Add("# c\nenable t@.service a b\nenable ssh.*\nignore x.service\nbroken\nenable\n");
        presets.Add("disable ssh.service\ndisable *\n");

        Assert.Equal(preset, presets.Of(unit));
    }

    [Fact]
    public void Without_any_rule_a_unit_is_to_be_enabled() => Assert.Equal("enabled", new Presets().Of("a.service"));

    [Fact]
    public void Hostile_text_never_throws() => TextFuzz.Run(Sample, static text =>
    {
        UnitFile file = UnitFile.Parse(text);
        SocketSection.Of(file, "a@b.socket", SpecifierValues.System);
        InstallSection.Of(file, "a@.socket", SpecifierValues.System).Makes("x", "a@.socket");
        Presets presets = new();
        presets.Add("enable " + text);
        presets.Of("a@b.service");
        Assert.True(Specifiers.Resolve(text, "a@b.service", SpecifierValues.System).Length <= Math.Max(Specifiers.Longest, text.Length * 20));
        UnitName.Unescape(text);
        if (UnitName.IsValid(text))
        {
            UnitName.Template(text);
        }
    });
}
