using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Systemd;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Stack;

/// <summary>
/// What the configuration sets at boot: sysctl.d(5), by file name, a file of the same name in an earlier directory replacing it,
/// and last /etc/sysctl.conf, as "sysctl --system" reads them. It only serves to say which file to change, so that what cannot
/// be read is simply not known.
/// </summary>
internal sealed class SysctlFiles
{
    private static readonly string[] Directories = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

    private readonly Dictionary<string, Line> _exact = new(StringComparer.Ordinal);
    private readonly List<Line> _patterns = [];

    internal static SysctlFiles Read(ISource source)
    {
        SortedDictionary<string, string> paths = new(StringComparer.Ordinal);
        foreach (string directory in Directories)
        {
            foreach ((char kind, string name) in DirectoryListing.Of(source.Directory(directory)))
            {
                if (kind is not 'd' && name.EndsWith(".conf", StringComparison.Ordinal))
                {
                    paths.TryAdd(name, $"{directory}/{name}");
                }
            }
        }

        SysctlFiles files = new();
        foreach (string path in paths.Values.Append("/etc/sysctl.conf"))
        {
            if (source.File(path).Text is string text)
            {
                files.Add(path, text);
            }
        }

        return files;
    }

    /// <summary>The file and line that give a switch the value that it has; null where none does.</summary>
    internal string? SetterOf(string name, string value)
    {
        // A line for the very switch counts more than any pattern, wherever it stands.
        if (_exact.TryGetValue(name, out Line? exact))
        {
            return exact.Said.Value == value ? exact.Place : null;
        }

        if (_patterns.Count == 0)
        {
            return null;
        }

        // "*" means one part of the name, as glob(7) does between slashes.
        int parts = name.AsSpan().Count('.');
        int last = _patterns.FindLastIndex(one => one.Said.Name.AsSpan().Count('.') == parts && Glob.IsMatch(one.Said.Name, name));
        return last >= 0 && _patterns[last].Said.Value == value ? _patterns[last].Place : null;
    }

    private void Add(string path, string text)
    {
        foreach (SysctlAssignment one in SysctlConfiguration.Parse(text))
        {
            Line line = new(one, string.Create(CultureInfo.InvariantCulture, $"{path}:{one.Line}"));
            if (one.Name.AsSpan().IndexOfAny('*', '?', '[') >= 0)
            {
                _patterns.Add(line);
            }
            else
            {
                _exact[one.Name] = line;
            }
        }
    }

    /// <summary>An assignment and where it stands, "FILE:LINE".</summary>
    private sealed record Line(SysctlAssignment Said, string Place);
}
