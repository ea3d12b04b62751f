using System;
using System.Linq;
using Portcullis.Core.Probing.Services;
using Xunit;

namespace Portcullis.Tests.Probing;

/// <summary>What UDP ports are asked, and what their answers say.</summary>
public sealed class UdpQuestionsTests
{
    private static readonly byte[] s_ntp = [0x24, 2, .. new byte[22], .. "Portculi"u8, .. new byte[16]];
    private static readonly byte[] s_tftp = [0, 5, 0, 1, .. "File not found"u8, 0];
    private static readonly byte[] s_memcached = [0x50, 0x6f, 0, 0, 0, 1, 0, 0, .. "VERSION 1.6.18\r\n"u8];
    private static readonly byte[] s_openVpn = [0x40, .. "12345678"u8, 1, 0, 0, 0, 0, .. "Portculi"u8, 0, 0, 0, 0];

    public static TheoryData<int, string, byte[]> Answers => new()
    {
        { 53, "domain", RecordedAnswers.Dns() },
        { 123, "ntp", s_ntp },
        { 69, "tftp", s_tftp },
        { 11211, "memcached", s_memcached },
        { 1194, "openvpn", s_openVpn },
        { 37, "time", [0xee, 0xac, 0xc8, 0x36] },
        { 5683, "coap", [0x70, 0, 0x50, 0x6f] },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Answer_is_told_on_its_port_and_on_any_other(int port, string name, byte[] answer)
    {
        Assert.Equal(name, UdpQuestions.For(port).Name);
        Assert.Equal(name, UdpQuestions.Read(port, answer)!.Name);
        Assert.Equal(name, UdpQuestions.Read(40000, answer)!.Name);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Cut_answer_never_throws_and_an_empty_one_says_nothing(int port, string name, byte[] answer)
    {
        Assert.All(Enumerable.Range(0, answer.Length), length => _ = UdpQuestions.Read(port, answer.AsSpan(0, length)));
        Assert.Null(UdpQuestions.Read(port, []));
        Assert.NotEqual(name, UdpQuestions.Read(port, "what?"u8)?.Name);
    }

    [Fact]
    public void Port_without_a_known_question_gets_one_that_is_said_to_be_generic()
    {
        UdpQuestion question = UdpQuestions.For(40000);
        Assert.True(question.IsGeneric);
        Assert.False(UdpQuestions.For(161).IsGeneric);
    }

    [Fact]
    public void Echo_of_a_question_is_echo_and_no_answer() =>
        Assert.All(UdpQuestions.All.Where(static one => one.Question.Length > 0), static one => Assert.Equal("echo", UdpQuestions.Read(one.Ports[0], one.Question)!.Name));

    [Fact]
    public void Only_an_answer_of_TFTP_comes_from_another_port() =>
        Assert.Equal(["tftp"], UdpQuestions.All.Where(static one => UdpQuestions.For(one.Ports[0]).AnswersFromAnotherPort).Select(static one => one.Name));

    [Fact]
    public void Lengths_in_the_question_to_SNMP_are_those_of_its_parts()
    {
        // SEQUENCE { version, SEQUENCE global data, OCTET STRING security parameters, SEQUENCE scoped PDU }
        byte[] question = new SnmpDatagram().Question;
        Assert.Equal(question.Length, question[1] + 2);
        int at = 5;
        for (int part = 0; part < 3; part++)
        {
            at += question[at + 1] + 2;
        }

        Assert.Equal(question.Length, at);
    }
}
