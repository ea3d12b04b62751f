using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// A proxy of HTTP (RFC 9110, 7.6): it says what it is when it is asked for a page as if it were a server. Nothing is fetched
/// through it.
/// </summary>
public sealed class HttpProxy : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "http-proxy";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [3128, 8888];

    /// <inheritdoc/>
    protected override string Path => "/";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Server is string server && (server.StartsWith("squid", StringComparison.OrdinalIgnoreCase) || server.StartsWith("tinyproxy", StringComparison.OrdinalIgnoreCase) || server.StartsWith("Privoxy", StringComparison.OrdinalIgnoreCase)) || front.Status == 407
        || front.Field("Via")?.Contains("(tinyproxy/", StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        !IsSuspectedBy(answer) ? null
            : answer.Status == 407 ? http.Asks()
            : answer.Field("Via") is string via && via.Contains("(tinyproxy/", StringComparison.Ordinal) ? http.By("tinyproxy", Sighting.After(via, "tinyproxy/")).Seen("Via: " + via).Open("passes on requests without a password")
            : http with { AuthenticationNote = "whose requests it passes on was not tried" };
}
