using System;
using System.Collections.Immutable;
using System.Text;

namespace Portcullis.Core.Text.Packages;

/// <summary>dpkg's database of packages, /var/lib/dpkg/status (deb-control(5) stanzas with a Status field).</summary>
/// <param name="Installed">The packages whose files are there, wholly or in part.</param>
/// <param name="Error">The first line that no such file has; null for a sound file.</param>
public sealed record DpkgStatus(ImmutableArray<DpkgPackage> Installed, LineError? Error)
{
    /// <summary>Reads the file in one pass.</summary>
    /// <param name="text">The file's bytes.</param>
    /// <param name="stateless">Whether stanzas come without Status and all count, as in the status.d directory of images without dpkg.</param>
    public static DpkgStatus Parse(ReadOnlySpan<byte> text, bool stateless = false)
    {
        Reader reader = new(stateless);
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            reader.Take(end < 0 ? text : text[..end]);
            if (end < 0)
            {
                reader.Fail("it breaks off in the middle of a line");
            }

            text = end < 0 ? default : text[(end + 1)..];
        }

        reader.EndStanza();
        return new DpkgStatus(reader.Installed.ToImmutable(), reader.Error);
    }

    private sealed class Reader(bool stateless)
    {
        private int _line;
        private int _first;
        private string? _name;
        private string? _architecture;
        private string? _version;
        private bool? _present;

        internal ImmutableArray<DpkgPackage>.Builder Installed { get; } = ImmutableArray.CreateBuilder<DpkgPackage>();

        internal LineError? Error { get; private set; }

        internal void Fail(string why) => Error ??= new LineError(_line, why);

        internal void Take(ReadOnlySpan<byte> line)
        {
            _line++;
            if (line.TrimEnd((byte)'\r').IsEmpty)
            {
                EndStanza();
                return;
            }

            _first = _first == 0 ? _line : _first;
            if (line[0] is (byte)' ' or (byte)'\t')
            {
                return;
            }

            int colon = line.IndexOf((byte)':');
            ReadOnlySpan<byte> key = colon < 0 ? default : line[..colon];
            if (key.IsEmpty || key.IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0)
            {
                Fail("it is no field");
                return;
            }

            Set(key, line[(colon + 1)..]);
        }

        internal void EndStanza()
        {
            if (_first != 0 && (_name is null || (_present is null && !stateless)))
            {
                Error ??= new LineError(_first, _name is null ? "the package has no name" : "the package has no state");
            }
            else if (_first != 0 && (_present ?? true))
            {
                Installed.Add(new DpkgPackage(_name!, _architecture, _version));
            }

            (_first, _name, _architecture, _version, _present) = (0, null, null, null, null);
        }

        private void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            if (key.SequenceEqual("Package"u8))
            {
                _name = Text(value);
            }
            else if (key.SequenceEqual("Architecture"u8))
            {
                _architecture = Text(value);
            }
            else if (key.SequenceEqual("Version"u8))
            {
                _version = Text(value);
            }
            else if (key.SequenceEqual("Status"u8))
            {
                // "want flag state": of a removed package only settings are left (dpkg(1), "Package states").
                string[] words = (Text(value) ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                _present = words.Length == 3 ? words[2] is not ("not-installed" or "config-files") : null;
            }
        }

        private static string? Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value).Trim() is { Length: > 0 } text ? text : null;
    }
}
