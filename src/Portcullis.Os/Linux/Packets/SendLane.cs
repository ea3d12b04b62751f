using System;
using System.Threading;
using Portcullis.Core.Edges;

namespace Portcullis.Os.Linux.Packets;

/// <summary>
/// A second thread that sends a batch, while its owner does something else and then helps. What a probe costs is the kernel's way with it,
/// up to its arrival where the other end is on this machine: two processors do twice as many.
/// </summary>
internal sealed class SendLane : IDisposable
{
    /// <summary>How many probes are worth a second thread: with fewer, waking the other processor costs more than it saves.</summary>
    internal const int Worthwhile = 32;

    private const int Spins = 100; // the other is done within microseconds as a rule; to sleep and be woken takes longer

    private readonly ManualResetEventSlim _begins = new(initialState: false, Spins);
    private readonly ManualResetEventSlim _ends = new(initialState: true, Spins);
    private readonly Thread _thread;
    private Batch? _batch;
    private bool _hasWaited;
    private ProbeException? _refused;

    internal SendLane()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "second sender" };
        _thread.Start();
    }

    /// <summary>Begins to send a batch; the one before is finished.</summary>
    internal void Begin(Batch batch)
    {
        _batch = batch;
        _hasWaited = false;
        _ends.Reset();
        _begins.Set();
    }

    /// <summary>Helps with what is left of the batch, and waits until all of it is sent: only then may it be written again.</summary>
    /// <returns>Whether the machine's queues were full, so that it had to wait; false also where nothing was begun.</returns>
    /// <exception cref="ProbeException">The kernel refused.</exception>
    internal bool Finish()
    {
        bool hasWaited = false;
        try
        {
            hasWaited = _batch?.SendRest() == true;
        }
        finally
        {
            _ends.Wait();
            _batch = null;
        }

        ProbeException? refused = _refused;
        _refused = null;
        return refused is null ? hasWaited | _hasWaited : throw refused;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ends.Wait();
        _batch = null;
        _begins.Set();
        _thread.Join();
        _begins.Dispose();
        _ends.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _begins.Wait();
            _begins.Reset();
            if (_batch is not Batch batch)
            {
                return;
            }

            try
            {
                _hasWaited = batch.SendRest();
            }
            catch (ProbeException refused)
            {
                _refused = refused;
            }

            _ends.Set();
        }
    }
}
