using System;
using System.Globalization;
using System.IO;
using System.Text;
using Portcullis.Core.Operations;

namespace Portcullis.Cli.Scanning;

/// <summary>Says on a terminal's standard error how far a scan is, once it has taken more than a second.</summary>
internal sealed class ScanProgressLine : IDisposable
{
    private readonly string _target;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long _start;
    private bool _said;

    internal ScanProgressLine(string target)
    {
        _target = target;
        _start = _time.GetTimestamp();
    }

    /// <summary>Says it.</summary>
    internal void Tell(ScanProgress progress)
    {
        if (!Console.IsErrorRedirected && _time.GetElapsedTime(_start) > TimeSpan.FromSeconds(1))
        {
            _said = true;
            Write(string.Create(CultureInfo.InvariantCulture, $"\r\e[Kscanning {_target}: {progress.Decided:N0} of {progress.Asked:N0} port{(progress.Asked == 1 ? "" : "s")}, {progress.Rate:N0} probes a second"));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_said)
        {
            Write("\r\e[K");
        }
    }

    private static void Write(string text)
    {
        using Stream stream = Console.OpenStandardError();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
