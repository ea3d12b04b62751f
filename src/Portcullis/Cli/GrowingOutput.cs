using System;
using System.IO;
using System.Text;
using Portcullis.Cli.Files;

namespace Portcullis.Cli;

/// <summary>
/// An answer that is told piece by piece: on standard output at once; into a file in the end, when it is whole. What is not finished
/// leaves no file.
/// </summary>
internal sealed class GrowingOutput : IDisposable
{
    private readonly string? _file;
    private string? _aside;
    private FileStream? _stream;

    /// <summary>Begins.</summary>
    /// <param name="file">The file; null or "-" for standard output.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    internal GrowingOutput(string? file)
    {
        if (file is null or "-")
        {
            return;
        }

        OutputFile.RefuseDirectory(file);
        _file = file;
        string aside = OutputFile.Beside(file);
        OutputFile.Telling(file, () =>
        {
            // A device or a pipe is written to at once: there is nothing of before to be kept. It is opened once, since a pipe's reader
            // takes the first close for the end.
            FileStream? present = File.Exists(file) ? new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite) : null;
            bool isRegular = present is null || OutputFile.IsRegular(present, file);
            if (isRegular)
            {
                present?.Dispose();
            }

            _stream = isRegular ? new FileStream(aside, FileMode.CreateNew, FileAccess.ReadWrite) : present;
            _aside = isRegular ? aside : null;
        });
    }

    /// <summary>Adds a piece.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    internal void Add(ReadOnlySpan<byte> piece)
    {
        if (_stream is null)
        {
            Output.Write(piece, null);
            return;
        }

        try
        {
            _stream.Write(piece);
        }
        catch (Exception refused) when (OutputFile.IsRefusal(refused))
        {
            throw OutputFile.Refused(_file!, refused);
        }
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    internal void Add(string piece) => Add(Encoding.UTF8.GetBytes(piece));

    /// <summary>There is no more.</summary>
    /// <exception cref="InputException">The file cannot be written; what was there before is then as it was, or the new answer is kept beside it.</exception>
    internal void Finish()
    {
        if (_aside is not null)
        {
            OutputFile.Telling(_file!, () => OutputFile.Take(_stream!, _aside, _file!));
        }

        Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stream is not null && _aside is not null)
        {
            File.Delete(_aside);
        }

        try
        {
            Close();
        }
        catch (InputException)
        {
            // That it cannot be written has been told, or the work has failed for another reason.
        }
    }

    /// <summary>Closes what it writes to, which writes what is left.</summary>
    private void Close()
    {
        FileStream? stream = _stream;
        _stream = null;
        if (stream is not null)
        {
            OutputFile.Telling(_file!, stream.Dispose);
        }
    }
}
