using System;
using System.Globalization;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Host;

/// <summary>Finds the way by which the user of this process has come, by what sshd told its ancestors: sudo clears the variable.</summary>
internal static class OwnSession
{
    private const int MostAncestors = 64;

    /// <summary>
    /// The session of the nearest ancestor that tells of one, as old as the farthest that tells of the same; null where none that can be
    /// read does.
    /// </summary>
    internal static RemoteSession? Find(ISource source)
    {
        RemoteSession? found = null;
        string process = "self";
        for (int steps = 0; steps < MostAncestors; steps++)
        {
            if (source.File($"/proc/{process}/stat").Text is not string text || !ProcStat.TryParse(text, out ProcStat stat))
            {
                break;
            }

            RemoteSession? told = source.File($"/proc/{process}/environ") is { Ok: true } environment ? SshConnection.Of(environment.Span) : null;
            found ??= told;
            if (found is not null && told == (found with { Since = null }))
            {
                found = found with { Since = TimeSpan.FromSeconds((double)stat.StartTicks / ProcStat.TicksPerSecond) };
            }

            if (stat.Parent == 0)
            {
                break;
            }

            process = stat.Parent.ToString(CultureInfo.InvariantCulture);
        }

        return found;
    }
}
