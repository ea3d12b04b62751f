using System;
using System.Collections.Generic;
using System.Text;

namespace Portcullis.Core.Text.Packages;

/// <summary>apk's database of packages and their files, /lib/apk/db/installed: "P:" name, "V:" version, "F:" directory, "R:" file.</summary>
/// <param name="Owners">For each wanted path that a package owns: its name and version.</param>
/// <param name="Error">The first line that no such file has; null for a sound file.</param>
public sealed record ApkInstalled(IReadOnlyDictionary<string, (string Name, string? Version)> Owners, LineError? Error)
{
    /// <summary>Looks for files in the database, in one pass.</summary>
    /// <param name="text">The database's bytes.</param>
    /// <param name="wanted">Absolute paths.</param>
    public static ApkInstalled Find(ReadOnlySpan<byte> text, IReadOnlySet<string> wanted)
    {
        Dictionary<string, (string Name, string? Version)> owners = new(StringComparer.Ordinal);
        LineError? error = null;
        string? name = null;
        string? version = null;
        string directory = string.Empty;
        int number = 0;
        while (!text.IsEmpty)
        {
            number++;
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.IsEmpty)
            {
                (name, version, directory) = (null, null, string.Empty);
                continue;
            }

            if (line.Length < 2 || line[1] != (byte)':' || end < 0)
            {
                error ??= new LineError(number, end < 0 ? "it breaks off in the middle of a line" : "it is no field");
                continue;
            }

            ReadOnlySpan<byte> value = line[2..];
            switch (line[0])
            {
                case (byte)'P':
                    name = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'V':
                    version = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'F':
                    directory = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'R' when name is null:
                    error ??= new LineError(number, "a file without a package");
                    break;
                case (byte)'R':
                    string path = (directory.Length == 0 ? "/" : $"/{directory}/") + Encoding.UTF8.GetString(value);
                    if (wanted.Contains(path))
                    {
                        owners.TryAdd(path, (name, version));
                    }

                    break;
                default:
                    break;
            }
        }

        return new ApkInstalled(owners, error);
    }
}
