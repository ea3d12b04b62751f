using System;
using System.Threading;
using System.Threading.Tasks;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>One of a bounded number of places, given back when it is disposed.</summary>
internal sealed class Turn : IDisposable
{
    private readonly SemaphoreSlim _places;

    private Turn(SemaphoreSlim places)
    {
        _places = places;
    }

    /// <summary>Waits for a place.</summary>
    public static async Task<Turn> Take(SemaphoreSlim places, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        return new Turn(places);
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Release();
}
