using System.Collections.Immutable;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Host;

/// <summary>Reads which machine this is from /proc and os-release(5).</summary>
internal sealed class LinuxHost(ISource source) : IHost
{
    /// <inheritdoc/>
    public HostInventory Read()
    {
        HostFacts host = new()
        {
            Name = Line("/proc/sys/kernel/hostname"),
            Kernel = Line("/proc/sys/kernel/osrelease"),
            Os = OsName(),
        };

        uint? observer = source.File("/proc/self/status").Text is string status ? ProcFields.EffectiveUid(status) : null;
        ImmutableArray<Gap> gaps = observer is null
            ? [new Gap("everything about processes", "/proc cannot be read", "mount procfs on /proc")]
            : [];
        return new HostInventory(host, observer, gaps);
    }

    private string? Line(string path) => source.File(path).Text?.Trim() is { Length: > 0 } text ? text : null;

    private string? OsName()
    {
        Answer answer = source.File("/etc/os-release");
        answer = answer.Ok ? answer : source.File("/usr/lib/os-release");
        return answer.Text is string text ? OsRelease.PrettyName(text) : null;
    }
}
