using System;
using System.Text;
using System.Threading;

namespace Portcullis.Cli;

/// <summary>Says what is going on, on a terminal's standard error, once it has taken more than a second.</summary>
internal sealed class Progress : IDisposable
{
    private readonly Timer? _timer;
    private readonly string _doing;
    private bool _said;

    private Progress(string doing)
    {
        _doing = doing;
        _timer = Console.IsErrorRedirected ? null : new Timer(_ => Write($"portcullis: {_doing}…"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins; disposing ends it and wipes the line.</summary>
    internal static Progress Say(string doing) => new(doing);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_timer is not null)
        {
            using ManualResetEvent stopped = new(false);
            _timer.Dispose(stopped);
            stopped.WaitOne();
        }

        if (_said)
        {
            Write("\r\e[K");
        }
    }

    private void Write(string text)
    {
        _said = true;
        using System.IO.Stream stream = Console.OpenStandardError();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
