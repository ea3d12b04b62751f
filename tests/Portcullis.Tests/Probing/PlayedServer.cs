using System;
using System.Collections.Generic;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;

namespace Portcullis.Tests.Probing;

/// <summary>A server that is played: it plays a whole dialogue against itself on a clock of its own.</summary>
internal sealed class PlayedServer
{
    private static readonly TimeSpan s_roundTrip = TimeSpan.FromMilliseconds(1);

    /// <summary>What it says when somebody connects; null for nothing.</summary>
    internal string? Greeting { get; init; }

    /// <summary>What it answers; null for nothing, "" to close.</summary>
    internal Func<string, string?> Answer { get; init; } = static _ => null;

    /// <summary>Whether it closes every connection before anything is said.</summary>
    internal bool ClosesAtOnce { get; init; }

    /// <summary>Whether it sends one byte whenever it is listened to, for ever, each after this time.</summary>
    internal TimeSpan? Trickle { get; init; }

    /// <summary>What a handshake of TLS gives; null where there is none.</summary>
    internal Func<IReadOnlyList<string>, TlsFacts?> Tls { get; init; } = static _ => null;

    /// <summary>What it was told, in order.</summary>
    internal List<string> Heard { get; } = [];

    /// <summary>How long it took, by its clock.</summary>
    internal TimeSpan Now { get; private set; }

    /// <summary>Lets a dialogue ask it.</summary>
    internal DialogueResult Play(int port, DialogueLimits? limits = null)
    {
        PortDialogue dialogue = new("192.0.2.1", port, limits ?? new DialogueLimits());
        DialogueStep step = dialogue.Begin(Now);
        Queue<DialogueEvent> waiting = [];
        for (int steps = 0; steps < 1_000_000; steps++)
        {
            switch (step)
            {
                case DialogueStep.Finish finish:
                    return finish.Result;
                case DialogueStep.Connect connect:
                    Now += s_roundTrip;
                    waiting.Clear();
                    step = dialogue.Next(Connect(connect, waiting), Now);
                    break;
                case DialogueStep.Speak speak:
                    step = dialogue.Next(Listen(speak, waiting), Now);
                    break;
            }
        }

        throw new InvalidOperationException("the dialogue does not end");
    }

    private DialogueEvent Connect(DialogueStep.Connect connect, Queue<DialogueEvent> waiting)
    {
        if (Greeting is not null)
        {
            waiting.Enqueue(new DialogueEvent.Received(Encoding.Latin1.GetBytes(Greeting)));
        }

        return connect.Offer is not { } offer ? new DialogueEvent.Connected(null)
            : Tls(offer) is TlsFacts facts ? new DialogueEvent.Connected(facts) : new DialogueEvent.Failed("handshake failure");
    }

    private DialogueEvent Listen(DialogueStep.Speak speak, Queue<DialogueEvent> waiting)
    {
        Now += s_roundTrip;
        if (ClosesAtOnce)
        {
            return new DialogueEvent.Closed();
        }

        if (!speak.Words.IsEmpty)
        {
            Heard.Add(Encoding.Latin1.GetString(speak.Words.Span));
            if (Answer(Heard[^1]) is string answer)
            {
                waiting.Enqueue(answer.Length == 0 ? new DialogueEvent.Closed() : new DialogueEvent.Received(Encoding.Latin1.GetBytes(answer)));
            }
        }

        if (waiting.TryDequeue(out DialogueEvent? next))
        {
            return next;
        }

        if (Trickle is TimeSpan pause && Now + pause < speak.Until)
        {
            Now += pause;
            return new DialogueEvent.Received(new byte[] { (byte)'z' });
        }

        Now = speak.Until > Now ? speak.Until : Now;
        return new DialogueEvent.TimeUp();
    }
}
