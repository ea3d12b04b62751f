using System;
using System.Threading;
using Portcullis.Core.Edges;

namespace Portcullis.Os.Linux.Packets;

/// <summary>A second thread that sends a part of each batch, while the first sends the rest.</summary>
internal sealed class SendLane : IDisposable
{
    private readonly PacketSender _sender;
    private readonly AutoResetEvent _begins = new(false);
    private readonly AutoResetEvent _ends = new(false);
    private readonly Thread _thread;
    private int _first;
    private int _count;
    private bool _hasWaited;
    private ProbeException? _refused;

    internal SendLane(PacketSender sender)
    {
        _sender = sender;
        _thread = new Thread(Run) { IsBackground = true, Name = "second sender" };
        _thread.Start();
    }

    /// <summary>Begins to send some packets of the batch.</summary>
    internal void Begin(int first, int count)
    {
        (_first, _count) = (first, count);
        _begins.Set();
    }

    /// <summary>Waits until they are sent: only then may the batch be written again.</summary>
    internal void Join() => _ends.WaitOne();

    /// <summary>Whether it had to wait.</summary>
    /// <exception cref="ProbeException">The kernel refused.</exception>
    internal bool Result() => _refused is null ? _hasWaited : throw _refused;

    /// <inheritdoc/>
    public void Dispose()
    {
        Begin(0, 0);
        _thread.Join();
        _begins.Dispose();
        _ends.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _begins.WaitOne();
            if (_count == 0)
            {
                return;
            }

            _refused = null;
            try
            {
                _hasWaited = _sender.Send(_first, _count);
            }
            catch (ProbeException refused)
            {
                _refused = refused;
            }

            _ends.Set();
        }
    }
}
