using System;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;
using Xunit;

namespace Portcullis.Tests.Probing;

/// <summary>The dialogue with a port, against servers that are played.</summary>
public sealed class PortDialogueTests
{
    private const string Page = "HTTP/1.1 200 OK\r\nServer: lab/1.0\r\nContent-Length: 0\r\n\r\n";
    private const string ServerHello = "\x16\x03\x03\0\x32\x02\0\0\x2e\x03\x03";

    [Fact]
    public void Service_that_speaks_first_is_told_on_any_port_without_a_question()
    {
        PlayedServer server = new() { Greeting = "SSH-2.0-OpenSSH_9.2p1\r\n" };
        DialogueResult result = server.Play(12345);
        Assert.Equal(("ssh", DialogueEnd.Identified, 1), (result.Service!.Name, result.End, result.Connections));
        Assert.Empty(server.Heard);
    }

    [Fact]
    public void Question_of_the_usual_service_comes_first()
    {
        PlayedServer server = new() { Answer = static said => said.StartsWith("PING", StringComparison.Ordinal) ? "-NOAUTH Authentication required.\r\n" : null };
        Assert.Equal("redis", server.Play(6379).Service!.Name);
        Assert.Equal(["PING\r\n"], server.Heard);
    }

    [Fact]
    public void Service_on_an_odd_port_is_found_by_asking_on()
    {
        PlayedServer server = new() { Answer = static said => said.StartsWith("version", StringComparison.Ordinal) ? "VERSION 1.6.18\r\n" : "" };
        DialogueResult result = server.Play(12345);
        Assert.Equal("memcached", result.Service!.Name);
        Assert.True(result.Connections > 1);
    }

    [Fact]
    public void What_a_service_says_to_strangers_brings_its_own_question_forward()
    {
        PlayedServer server = new() { Answer = static said => said.StartsWith("version", StringComparison.Ordinal) ? "VERSION 1.6.18\r\n" : "ERROR\r\n" };
        DialogueResult result = server.Play(12345);
        Assert.Equal(("memcached", 2), (result.Service!.Name, result.Connections));
    }

    [Fact]
    public void Longer_dialogue_stays_on_one_connection_and_says_goodbye()
    {
        PlayedServer server = new()
        {
            Greeting = "220 box ESMTP Postfix (Debian/GNU)\r\n",
            Answer = static said => said.StartsWith("EHLO", StringComparison.Ordinal) ? "250-box\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n" : null,
        };
        DialogueResult result = server.Play(12345);
        Assert.Equal(("smtp", "Postfix", 1), (result.Service!.Name, result.Service.Product, result.Connections));
        Assert.Contains("STARTTLS", result.Service.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Greeting_of_mail_without_an_answer_is_still_mail() =>
        Assert.Equal("smtp", new PlayedServer { Greeting = "220 box ESMTP\r\n" }.Play(12345).Service!.Name);

    [Fact]
    public void Ambiguous_greeting_is_settled_by_questions()
    {
        PlayedServer server = new()
        {
            Greeting = "220 welcome\r\n",
            Answer = static said => said.StartsWith("FEAT", StringComparison.Ordinal) ? "211-Features\r\n AUTH TLS\r\n211 End\r\n" : "500 what?\r\n",
        };
        Assert.Equal("ftp", server.Play(12345).Service?.Name);
    }

    [Fact]
    public void Silence_is_said_and_bounded()
    {
        PlayedServer server = new();
        DialogueLimits limits = new();
        DialogueResult result = server.Play(12345, limits);
        Assert.True(result.End is DialogueEnd.Silent or DialogueEnd.GivenUp);
        Assert.Null(result.Service);
        Assert.True(server.Now <= limits.Whole + limits.Connect);
        Assert.True(result.Connections <= limits.MostConnections);
        Assert.Equal(server.Heard.Count, result.Connections);
    }

    [Fact]
    public void Few_connections_allowed_are_few_connections_made()
    {
        DialogueResult result = new PlayedServer { Answer = static _ => "" }.Play(12345, new DialogueLimits { MostConnections = 3 });
        Assert.Equal((DialogueEnd.GivenUp, 3), (result.End, result.Connections));
    }

    [Fact]
    public void Closing_at_once_is_said_after_few_connections()
    {
        DialogueResult result = new PlayedServer { ClosesAtOnce = true }.Play(12345);
        Assert.Equal(DialogueEnd.ClosedAtOnce, result.End);
        Assert.True(result.Connections <= 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Single_bytes_buy_no_time(int milliseconds)
    {
        PlayedServer server = new() { Trickle = TimeSpan.FromMilliseconds(milliseconds) };
        DialogueLimits limits = new();
        DialogueResult result = server.Play(12345, limits);
        Assert.Null(result.Service);
        Assert.StartsWith("zz", result.Seen, StringComparison.Ordinal);
        Assert.Equal(milliseconds == 1 ? DialogueEnd.Unrecognised : DialogueEnd.GivenUp, result.End); // the slower one was not asked everything
        Assert.True(server.Now <= limits.Whole + limits.Connect);
    }

    [Fact]
    public void Endless_greeting_is_cut_at_its_limit()
    {
        DialogueResult result = new PlayedServer { Greeting = new string('z', 1_000_000), Answer = static _ => "" }.Play(12345);
        Assert.Equal(DialogueEnd.Unrecognised, result.End);
        Assert.Equal(SeenText.MostEvidence, result.Seen!.Length);
    }

    [Fact]
    public void Unknown_answer_keeps_what_was_seen_in_harmless_text()
    {
        DialogueResult result = new PlayedServer { Answer = static _ => "\x1b[31mwhat?\r\n" }.Play(12345);
        Assert.Equal((DialogueEnd.Unrecognised, "\\x1b[31mwhat?"), (result.End, result.Seen));
    }

    [Fact]
    public void Echo_is_told_and_never_taken_for_what_was_asked()
    {
        Assert.Equal("echo", new PlayedServer { Answer = static said => said }.Play(53).Service!.Name);
        Assert.Equal("echo", new PlayedServer { Answer = static said => said }.Play(12345).Service!.Name);
    }

    [Theory]
    [InlineData(9100, "printers print")]
    [InlineData(502, "machines are controlled")]
    public void Ports_on_which_words_do_harm_are_listened_to_and_not_asked(int port, string why)
    {
        PlayedServer server = new();
        DialogueResult result = server.Play(port);
        Assert.Empty(server.Heard);
        Assert.Equal((DialogueEnd.Silent, 1), (result.End, result.Connections));
        Assert.Contains(why, result.Sentence, StringComparison.Ordinal);
        Assert.Equal("ssh", new PlayedServer { Greeting = "SSH-2.0-x_1\r\n" }.Play(port).Service!.Name);
    }

    [Theory]
    [InlineData("h2")]
    [InlineData("http/1.1")]
    [InlineData(null)]
    public void After_TLS_the_same_is_asked_inside(string? chosen)
    {
        bool isInside = false;
        PlayedServer server = new()
        {
            Tls = offer =>
            {
                isInside = true;
                return new TlsFacts { Version = "TLS 1.2", Alpn = chosen is not null && offer.Contains(chosen) ? chosen : chosen is null ? null : "http/1.1" };
            },
            Answer = said => isInside ? said.StartsWith("GET / ", StringComparison.Ordinal) ? Page : null
                : said[0] == '\x16' ? ServerHello + new string('\0', 32) + "\0\xc0\x2f\0\0\x06\0\x17\0\x02\0\0" : "",
        };
        DialogueResult result = server.Play(12345);
        Assert.Equal(("http over TLS", "lab", "TLS 1.2"), (result.Service!.FullName, result.Service.Product, result.Service.Tls!.Version));
        Assert.Equal(chosen, result.Service.Tls.Alpn);
    }

    [Fact]
    public void Handshake_that_fails_leaves_TLS_and_why()
    {
        PlayedServer server = new() { Answer = static said => said[0] == '\x16' ? "\x15\x03\x01\0\x02\x02\x46" : "" };
        DialogueResult result = server.Play(443);
        Assert.Equal("tls", result.Service!.FullName);
        Assert.Contains("protocol version", result.Service.Evidence, StringComparison.Ordinal);
        Assert.Contains("handshake failure", result.Service.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_servers_never_break_the_bounds()
    {
        Random random = new(20261122);
        DialogueLimits limits = new();
        for (int round = 0; round < 300; round++)
        {
            PlayedServer server = new()
            {
                Greeting = random.Next(3) == 0 ? Noise(random) : null,
                Answer = _ => random.Next(4) switch { 0 => null, 1 => "", 2 => Noise(random), _ => Known(random) },
                Tls = _ => random.Next(2) == 0 ? null : new TlsFacts { Version = "TLS 1.3", Alpn = random.Next(3) switch { 0 => "h2", 1 => "http/1.1", _ => null } },
                Trickle = random.Next(3) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 2000)) : null,
            };
            DialogueResult result = server.Play(random.Next(1, 65536), limits);
            Assert.True(server.Now <= limits.Whole + limits.Connect, $"round {round}: {server.Now}");
            Assert.True(result.Connections <= limits.MostConnections + 3, $"round {round}: {result.Connections}");
            Assert.Equal(result.End == DialogueEnd.Identified, result.Service is not null);
        }
    }

    private static string Noise(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 400)).Select(_ => (char)random.Next(256)));

    private static string Known(Random random)
    {
        byte[] bytes = RecordedAnswers.Final[random.Next(RecordedAnswers.Final.Count)].Bytes;
        return System.Text.Encoding.Latin1.GetString(bytes);
    }
}
