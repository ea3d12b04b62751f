using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.Core.Probing.Services;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>Does what a <see cref="PortDialogue"/> says, over a real socket.</summary>
internal static class DialogueDriver
{
    /// <summary>Goes through the whole dialogue with one port.</summary>
    public static async Task<DialogueResult> Run(IdentifyTarget target, IdentifyOptions options, CancellationToken cancellation)
    {
        TimeProvider clock = options.Clock;
        long begin = clock.GetTimestamp();
        PortDialogue dialogue = new(target.Host ?? new IPAddress(target.Address.GetAddressBytes()).ToString(), target.Port, options.Limits); // without its scope, which is no business of the other side
        DialogueStep step = dialogue.Begin(TimeSpan.Zero);
        DialogueConnection? connection = null;
        try
        {
            while (true)
            {
                DialogueEvent happened;
                switch (step)
                {
                    case DialogueStep.Connect connect:
                        await Leave(connection, connect.Farewell);
                        connection = null;
                        try
                        {
                            connection = new DialogueConnection(new IPEndPoint(target.Address, target.Port), target.Host, options.MakeSocket);
                            happened = await connection.Open(connect.Offer, Left(connect.Until), cancellation);
                        }
                        catch (SocketException none)
                        {
                            happened = new DialogueEvent.Failed(none.Message); // this process may open no more of them
                        }

                        break;
                    case DialogueStep.Speak speak:
                        happened = await connection!.Speak(speak.Words, Left(speak.Until), cancellation);
                        break;
                    case DialogueStep.Finish finish:
                        await Leave(connection, finish.Farewell);
                        connection = null;
                        return finish.Result;
                    default:
                        throw new InvalidOperationException("a step without a name");
                }

                step = dialogue.Next(happened, clock.GetElapsedTime(begin));
            }
        }
        finally
        {
            connection?.Dispose();
        }

        TimeSpan Left(TimeSpan until) => until - clock.GetElapsedTime(begin);
    }

    private static async Task Leave(DialogueConnection? connection, ReadOnlyMemory<byte> farewell)
    {
        if (connection is not null)
        {
            await connection.Say(farewell);
            connection.Dispose();
        }
    }
}
