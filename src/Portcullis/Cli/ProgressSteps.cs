using System;

namespace Portcullis.Cli;

/// <summary>Says which step of some work is under way, for each that takes more than a second.</summary>
internal sealed class ProgressSteps : IDisposable
{
    private Progress? _step;

    /// <summary>A new step begins.</summary>
    internal void Tell(string doing)
    {
        _step?.Dispose();
        _step = Progress.Say(doing);
    }

    /// <inheritdoc/>
    public void Dispose() => _step?.Dispose();
}
