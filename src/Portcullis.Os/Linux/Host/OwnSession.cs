using System.Globalization;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Host;

/// <summary>Finds the way by which the user of this process has come, by what sshd told one of its ancestors: sudo clears the variable.</summary>
internal static class OwnSession
{
    private const int MostAncestors = 64;

    /// <summary>The session; null where no ancestor that can be read tells of one.</summary>
    internal static RemoteSession? Find(ISource source)
    {
        string process = "self";
        for (int steps = 0; steps < MostAncestors; steps++)
        {
            if (source.File($"/proc/{process}/environ") is { Ok: true } environment && SshConnection.Of(environment.Span) is RemoteSession session)
            {
                return session;
            }

            if (source.File($"/proc/{process}/stat").Text is not string text || !ProcStat.TryParse(text, out ProcStat stat) || stat.Parent == 0)
            {
                return null;
            }

            process = stat.Parent.ToString(CultureInfo.InvariantCulture);
        }

        return null;
    }
}
