using System;
using System.Linq;
using System.Text;
using Portcullis.Core.Probing.Services;
using Xunit;

namespace Portcullis.Tests.Probing;

/// <summary>What a trace asks a port on its own account.</summary>
public sealed class FirstQuestionTests
{
    [Theory]
    [InlineData(80, "http", "GET / HTTP/1.1\r\nHost: web1\r\n")]
    [InlineData(8888, "http", "GET / HTTP/1.1\r\nHost: web1\r\n")]
    [InlineData(6379, "redis", "PING\r\n")]
    [InlineData(2181, "zookeeper", "srvr")]
    [InlineData(5672, "amqp", "AMQP")]
    [InlineData(443, "tls", "\u0016\u0003\u0001")]
    [InlineData(993, "tls", "\u0016\u0003\u0001")] // the greeting comes inside
    public void Port_is_asked_the_question_of_the_service_that_is_usual_there(int port, string name, string beginning)
    {
        FirstQuestion question = FirstQuestion.For(port, "web1");
        Assert.StartsWith(beginning, Encoding.Latin1.GetString(question.Bytes.AsSpan()), StringComparison.Ordinal);
        Assert.Contains($"of {name}, usual on port {port};", question.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(22, "ssh, usual on port 22, speaks first.")]
    [InlineData(25, "smtp, usual on port 25, speaks first.")]
    [InlineData(3306, "mysql, usual on port 3306, speaks first.")]
    [InlineData(9100, "printers print whatever they are sent")]
    [InlineData(502, "machines are controlled by this port.")]
    [InlineData(4444, "no service is usual on port 4444.")]
    public void Port_is_not_asked_where_there_is_nothing_to_ask_and_it_is_said_why(int port, string why)
    {
        FirstQuestion question = FirstQuestion.For(port, "web1");
        Assert.Empty(question.Bytes);
        Assert.StartsWith("Nothing was asked: ", question.Reason, StringComparison.Ordinal);
        Assert.Contains(why, question.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_port_has_a_question_or_a_reason_and_a_question_is_always_one_of_the_known_protocols()
    {
        for (int port = 1; port <= 65_535; port++)
        {
            FirstQuestion question = FirstQuestion.For(port, "fd00::7");
            Assert.Equal(question.Bytes.IsEmpty, question.Reason.StartsWith("Nothing was asked: ", StringComparison.Ordinal));
            Assert.True(question.Bytes.IsEmpty || ServiceProtocols.All.Any(one => one.Ports.Contains(port) && question.Bytes.AsSpan().SequenceEqual(one.Question("fd00::7"))));
            Assert.True(question.Bytes.IsEmpty || UntouchedPorts.ReasonFor(port) is null);
        }
    }
}
