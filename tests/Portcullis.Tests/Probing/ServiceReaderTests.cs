using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;
using Xunit;

namespace Portcullis.Tests.Probing;

/// <summary>The readers of all protocols: what they know, what they wait for, and that nothing whatever makes them throw.</summary>
public sealed class ServiceReaderTests
{
    public static TheoryData<int> Finals => [.. Enumerable.Range(0, RecordedAnswers.Final.Count)];

    public static TheoryData<int> Firsts => [.. Enumerable.Range(0, RecordedAnswers.First.Count)];

    [Theory]
    [MemberData(nameof(Finals))]
    public void Answer_of_a_service_is_told_with_product_and_version(int index)
    {
        RecordedAnswers.Answer answer = RecordedAnswers.Final[index];
        Reading reading = Read(answer, answer.Bytes.Length);
        Assert.Equal(ReadingKind.Is, reading.Kind);
        Assert.Equal((answer.Product, answer.Version), (reading.Service!.Product, reading.Service.Version));
        Assert.Equal(answer.Protocol.Name, reading.Service.Name);
        Assert.NotEmpty(reading.Service.Evidence);
    }

    [Theory]
    [MemberData(nameof(Firsts))]
    public void First_answer_of_a_longer_dialogue_leads_to_a_question(int index)
    {
        RecordedAnswers.Answer answer = RecordedAnswers.First[index];
        Reading reading = Read(answer, answer.Bytes.Length);
        Assert.Equal(ReadingKind.Ask, reading.Kind);
        Assert.NotEmpty(reading.Words);
        Assert.Equal((answer.Product, answer.Version), (reading.Service?.Product, reading.Service?.Version));
    }

    [Fact]
    public void Beginning_of_an_answer_is_waited_on_and_never_taken_for_another_protocol()
    {
        List<string> wrong = [];
        foreach (RecordedAnswers.Answer answer in RecordedAnswers.Final.Concat(RecordedAnswers.First))
        {
            for (int length = 1; length < answer.Bytes.Length; length++)
            {
                if (Read(answer, length).Kind == ReadingKind.NotThis)
                {
                    wrong.Add($"{answer.Protocol.GetType().Name} gives up after {length} of {answer.Bytes.Length} bytes");
                    break;
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Answer_of_one_service_is_no_other_service()
    {
        List<string> wrong = [];
        foreach (RecordedAnswers.Answer answer in RecordedAnswers.Final.Concat(RecordedAnswers.First))
        {
            foreach (IServiceProtocol other in ServiceProtocols.All.Where(other => other.GetType() != answer.Protocol.GetType()))
            {
                Reading reading = other.Read(new Heard(answer.Bytes, 0, isAsked: false, isEnded: true));
                bool isHttp = answer.Protocol is HttpApplication && other is HttpProtocol;
                if (reading.Kind == ReadingKind.Is && !isHttp)
                {
                    wrong.Add($"{other.Name} takes the answer of {answer.Protocol.Name}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void No_bytes_make_a_reader_throw()
    {
        const int Seed = 20261122;
        Random random = new(Seed);
        RecordedAnswers.Answer[] valid = [.. RecordedAnswers.Final.Concat(RecordedAnswers.First)];
        for (int round = 0; round < 1500; round++)
        {
            byte[] bytes = round % 3 == 0 ? new byte[random.Next(200)] : [.. valid[round % valid.Length].Bytes];
            if (round % 3 == 0)
            {
                random.NextBytes(bytes);
            }

            for (int change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            byte[] cut = bytes[..random.Next(bytes.Length + 1)];
            foreach (IServiceProtocol protocol in ServiceProtocols.All)
            {
                Check(protocol, cut, random.Next(3), (round & 1) == 0, (round & 2) == 0);
            }

            foreach (IDatagramProtocol protocol in UdpQuestions.All)
            {
                _ = protocol.Read(cut);
            }
        }
    }

    [Fact]
    public void Every_own_answer_mutated_keeps_its_own_reader_alive()
    {
        Random random = new(77);
        foreach (RecordedAnswers.Answer answer in RecordedAnswers.Final.Concat(RecordedAnswers.First))
        {
            for (int round = 0; round < 400; round++)
            {
                byte[] bytes = [.. answer.Bytes];
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                Check(answer.Protocol, bytes[..random.Next(bytes.Length + 1)], round % 3, answer.IsAsked, (round & 1) == 0);
            }
        }
    }

    [Fact]
    public void Questions_are_told_apart_by_name_and_none_is_longer_than_a_packet()
    {
        Assert.All(ServiceProtocols.All, static protocol => Assert.True(protocol.Question("host.example.test").Length < 1400, protocol.Name));
        Assert.All(ServiceProtocols.All, static protocol => Assert.All(protocol.Ports, static port => Assert.InRange(port, 1, 65535)));
        Assert.True(ServiceProtocols.All.Select(static protocol => protocol.Name).Distinct().Count() >= 40);
        Assert.True(ServiceProtocols.All.All(static protocol => protocol.Ports.All(static port => UntouchedPorts.ReasonFor(port) is null)));
    }

    private static void Check(IServiceProtocol protocol, byte[] bytes, int turn, bool isAsked, bool isEnded)
    {
        IdentifiedService? before = turn == 0 ? null : new IdentifiedService { Name = protocol.Name, Evidence = "x" };
        Reading reading = protocol.Read(new Heard(bytes, turn, isAsked, isEnded, before));
        Assert.False(isEnded && reading.Kind == ReadingKind.NeedMore, protocol.Name);
        if (reading.Service is IdentifiedService service)
        {
            Assert.True(service.Evidence.Length <= SeenText.MostEvidence && service.Evidence.All(static letter => letter is >= ' ' and not '\u007f'));
        }
    }

    private static Reading Read(RecordedAnswers.Answer answer, int length) => answer.Protocol.Read(new Heard(answer.Bytes.AsSpan(0, length), 0, answer.IsAsked, isEnded: false));
}
