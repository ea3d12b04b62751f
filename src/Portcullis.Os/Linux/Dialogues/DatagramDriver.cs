using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>Asks one UDP port its question, and once more where no answer comes: datagrams get lost.</summary>
internal static class DatagramDriver
{
    private const int MostTries = 3;

    /// <summary>Asks it.</summary>
    public static async Task<DialogueResult> Ask(IdentifyTarget target, IdentifyOptions options, CancellationToken cancellation)
    {
        UdpQuestion question = UdpQuestions.For(target.Port);
        byte[] answer = new byte[65536];
        int sent = 0;
        try
        {
            IPEndPoint there = new(target.Address, target.Port);
            using Socket socket = options.MakeSocket(target.Address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            if (!question.AnswersFromAnotherPort)
            {
                // So that only the port that was asked is heard, and ICMP's "port unreachable" too.
                await socket.ConnectAsync(there, cancellation);
            }

            while (sent < MostTries)
            {
                sent++;
                await socket.SendToAsync(question.Bytes, SocketFlags.None, there, cancellation);
                if (await Receive(socket, answer, there, options.Limits.Answer, cancellation) is int length)
                {
                    return Result(target.Port, answer.AsSpan(0, length), sent);
                }
            }
        }
        catch (SocketException refused)
        {
            return new DialogueResult { End = DialogueEnd.NotConnected, Sentence = $"{(refused.SocketErrorCode == SocketError.ConnectionRefused ? "nothing listens" : "it could not be asked")}: {refused.Message}", Connections = sent };
        }

        return new DialogueResult
        {
            End = DialogueEnd.Silent,
            Sentence = string.Create(CultureInfo.InvariantCulture, $"did not answer {sent} {(question.IsGeneric ? "generic questions: none is known for this port" : $"questions of {question.Name}")}"),
            Connections = sent,
        };
    }

    private static async Task<int?> Receive(Socket socket, byte[] answer, IPEndPoint from, TimeSpan within, CancellationToken cancellation)
    {
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(within);
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(answer, SocketFlags.None, from, timer.Token);
                if (((IPEndPoint)received.RemoteEndPoint).Address.Equals(from.Address))
                {
                    return received.ReceivedBytes;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static DialogueResult Result(int port, ReadOnlySpan<byte> answer, int sent) => UdpQuestions.Read(port, answer) is IdentifiedService service
        ? new DialogueResult { End = DialogueEnd.Identified, Service = service, Seen = service.Evidence, Sentence = $"speaks {service.FullName}", Connections = sent }
        : new DialogueResult { End = DialogueEnd.Unrecognised, Seen = SeenText.Of(answer), Sentence = "answers in a way that is not known", Connections = sent };
}
