using System;

namespace Portcullis.Core.Text.Kernel;

/// <summary>
/// /sys/class/ksmbd-control/stats of the SMB server in the kernel (fs/smb/server/server.c, stats_show): the version of this
/// line, which is 2, the state, the TCP port, and seconds. "2 running 445 17".
/// </summary>
/// <param name="Port">The TCP port while it runs; null while it does not, or for a file of another form.</param>
/// <param name="Error">What in the file made no sense; null for a sound file.</param>
public sealed record KsmbdStats(int? Port, string? Error)
{
    /// <summary>Reads the file.</summary>
    public static KsmbdStats Parse(string text)
    {
        string[] fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return fields.Length < 4 || fields[0] != "2" ? new KsmbdStats(null, "it has another form than version 2")
            : fields[1] != "running" ? new KsmbdStats(null, null)
            : PortNumber.Parse(fields[2]) is int port ? new KsmbdStats(port, null)
            : new KsmbdStats(null, "it names no port");
    }
}
