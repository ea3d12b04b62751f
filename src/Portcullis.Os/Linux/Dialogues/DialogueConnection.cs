using System;
using System.Collections.Immutable;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Portcullis.Core.Probing.Services;
using AddressFamily = System.Net.Sockets.AddressFamily;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>One connection of a dialogue: plain, or within TLS.</summary>
/// <param name="endpoint">The other side.</param>
/// <param name="host">The name that was asked for; null for none.</param>
/// <param name="makeSocket">Makes its socket.</param>
internal sealed class DialogueConnection(IPEndPoint endpoint, string? host, Func<AddressFamily, SocketType, ProtocolType, Socket> makeSocket) : IDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromMilliseconds(200);

    private readonly Socket _socket = makeSocket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _piece = new byte[4096];
    private Stream? _stream;

    /// <summary>Connects.</summary>
    /// <param name="offer">The application protocols to offer with TLS; null for a plain connection.</param>
    /// <param name="within">The longest it may take.</param>
    /// <param name="cancellation">Ends it with an exception.</param>
    public async Task<DialogueEvent> Open(ImmutableArray<string>? offer, TimeSpan within, CancellationToken cancellation)
    {
        using CancellationTokenSource timer = Timer(within, cancellation);
        try
        {
            _socket.NoDelay = true;
            await _socket.ConnectAsync(endpoint, timer.Token);
            NetworkStream plain = new(_socket, ownsSocket: false);
            _stream = plain;
            if (offer is null)
            {
                return new DialogueEvent.Connected(null);
            }

            SslStream secure = new(plain);
            _stream = secure;
            return new DialogueEvent.Connected(await TlsHandshake.Do(secure, host, offer.Value, timer.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new DialogueEvent.Failed("it took too long");
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset && offer is null)
        {
            _stream = Stream.Null; // a connection that was reset as soon as it was made was made: there is nothing more to be read of it
            return new DialogueEvent.Connected(null);
        }
        catch (Exception trouble) when (IsOfTheNetwork(trouble))
        {
            return new DialogueEvent.Failed((trouble.InnerException ?? trouble).Message);
        }
    }

    /// <summary>Says something, if there is something to say, and waits for what comes.</summary>
    public async Task<DialogueEvent> Speak(ReadOnlyMemory<byte> words, TimeSpan within, CancellationToken cancellation)
    {
        using CancellationTokenSource timer = Timer(within, cancellation);
        try
        {
            if (!words.IsEmpty)
            {
                await _stream!.WriteAsync(words, timer.Token);
            }

            int length = await _stream!.ReadAsync(_piece, timer.Token);
            return length == 0 ? new DialogueEvent.Closed() : new DialogueEvent.Received(_piece.AsMemory(0, length));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new DialogueEvent.TimeUp();
        }
        catch (Exception trouble) when (IsOfTheNetwork(trouble))
        {
            return new DialogueEvent.Closed();
        }
    }

    /// <summary>Says something that no answer is expected to.</summary>
    public async Task Say(ReadOnlyMemory<byte> farewell)
    {
        if (farewell.IsEmpty || _stream is null)
        {
            return;
        }

        using CancellationTokenSource timer = new(s_farewell);
        try
        {
            await _stream.WriteAsync(farewell, timer.Token);
        }
        catch (Exception trouble) when (trouble is OperationCanceledException || IsOfTheNetwork(trouble))
        {
            // It went first.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _socket.Dispose();
    }

    /// <summary>What the other side, or the way to it, can bring about; all else is a defect of ours.</summary>
    private static bool IsOfTheNetwork(Exception trouble) => trouble is SocketException or IOException or AuthenticationException or System.ComponentModel.Win32Exception or ObjectDisposedException or NotSupportedException;

    private static CancellationTokenSource Timer(TimeSpan within, CancellationToken cancellation)
    {
        CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(within > TimeSpan.Zero ? within : TimeSpan.Zero);
        return timer;
    }
}
