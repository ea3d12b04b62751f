using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Portcullis.Cli;

/// <summary>Lets Ctrl-C end the work instead of the program, so that what is known by then can be told. A second one ends the program.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _registration;

    internal Interrupt() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    internal CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
