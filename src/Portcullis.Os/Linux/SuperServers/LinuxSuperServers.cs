using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Core.Text.SuperServers;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.SuperServers;

/// <summary>Reads the configuration of inetd and xinetd.</summary>
internal sealed class LinuxSuperServers : ISuperServers
{
    // Files that include each other must come to an end.
    private const int MostFiles = 1000;

    private readonly ISource _source;

    internal LinuxSuperServers(ISource source) => _source = source;

    /// <inheritdoc/>
    public SuperServerInventory Read()
    {
        GapList gaps = new();
        ImmutableArray<SuperServerEntry>.Builder entries = ImmutableArray.CreateBuilder<SuperServerEntry>();
        Lazy<ServiceNames> services = new(() =>
        {
            Answer answer = _source.File("/etc/services", 16 << 20);
            gaps.Check(answer, "names of ports in /etc/services");
            return ServiceNames.Parse(answer.Text ?? string.Empty);
        });

        foreach (string path in InFolder("/etc/inetd.d", static _ => true, gaps).Prepend("/etc/inetd.conf"))
        {
            if (Text(path, gaps) is string text)
            {
                Take(InetdConfiguration.Parse(text, path, services.Value), path, entries, gaps);
            }
        }

        List<(string Path, XinetdConfiguration File)> files = XinetdFiles(gaps);
        HashSet<string> disabled = [.. files.SelectMany(static file => file.File.Disabled)];
        HashSet<string> enabled = [.. files.SelectMany(static file => file.File.Enabled)];
        foreach ((string path, XinetdConfiguration file) in files)
        {
            Take(file.Read(path, services.Value, disabled, enabled), path, entries, gaps);
        }

        return new SuperServerInventory(entries.ToImmutable(), gaps.ToImmutable());
    }

    private static void Take(SuperServerText text, string path, ImmutableArray<SuperServerEntry>.Builder entries, GapList gaps)
    {
        entries.AddRange(text.Entries);
        foreach (LineError error in text.Errors)
        {
            gaps.Add("super-server's services", $"{path} line {error.Line}: {error.Why}");
        }
    }

    private List<(string Path, XinetdConfiguration File)> XinetdFiles(GapList gaps)
    {
        List<(string Path, XinetdConfiguration File)> files = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string> open = new(["/etc/xinetd.conf"]);
        while (open.TryDequeue(out string? path) && seen.Count < MostFiles)
        {
            if (!seen.Add(path) || Text(path, gaps) is not string text)
            {
                continue;
            }

            XinetdConfiguration file = XinetdConfiguration.Parse(text);
            files.Add((path, file));
            foreach ((string include, bool isDirectory) in file.Includes)
            {
                // xinetd.conf(5): names with a dot, or ending in a tilde, are backups and the like.
                foreach (string one in isDirectory ? InFolder(include.TrimEnd('/'), static name => !name.Contains('.', StringComparison.Ordinal) && !name.EndsWith('~'), gaps) : [include])
                {
                    open.Enqueue(one);
                }
            }
        }

        return files;
    }

    private IEnumerable<string> InFolder(string path, Predicate<string> counts, GapList gaps)
    {
        Answer answer = _source.Directory(path);
        return gaps.Check(answer, $"super-server's services in {path}")
            ? DirectoryListing.Of(answer).Where(entry => entry.Kind is not 'd' && counts(entry.Name)).Select(entry => $"{path}/{entry.Name}")
            : [];
    }

    private string? Text(string path, GapList gaps)
    {
        Answer answer = _source.File(path);
        return gaps.Check(answer, $"super-server's services in {path}") ? answer.Text : null;
    }
}
