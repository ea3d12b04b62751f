using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// rsync's daemon (rsync(1), and its file csprotocol.txt): both sides greet with "@RSYNCD: version". Asked: #list, which lists the
/// names of its modules and opens none.
/// </summary>
public sealed class RsyncProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "rsync";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [873];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (heard.Turn == 0)
        {
            return heard.IsAsked || !heard.MayBegin("@RSYNCD: "u8) ? Reading.NotThis
                : heard.Bytes.Length < 10 || !heard.TryFirstLine(out ReadOnlySpan<byte> line) ? heard.TooFew
                : Reading.Ask("@RSYNCD: 31.0 md5\n#list\n"u8.ToArray(), Sighting.Of(Name, line).By("rsync"));
        }

        if (heard.Bytes.IndexOf("@RSYNCD: EXIT"u8) < 0 && heard.Bytes.IndexOf("@ERROR"u8) < 0)
        {
            return heard.TooFew;
        }

        IdentifiedService service = heard.SoFar ?? Sighting.Of(Name, heard.Bytes);
        int end = heard.Bytes.IndexOf("@"u8);
        string modules = SeenText.Of(heard.Bytes[..end], 100);
        return Reading.Is(service.Seen(modules.Length == 0 ? "lists no module" : "modules: " + modules) with { AuthenticationNote = "lists its modules to anybody; whether they ask for a password was not tried" });
    }
}
