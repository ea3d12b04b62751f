using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Internet Printing Protocol (RFC 8011), which is carried by HTTP: printers and CUPS name it in the field Server. Asked: GET /,
/// which prints nothing.
/// </summary>
public sealed class IppApi : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "ipp";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [631];

    /// <inheritdoc/>
    protected override string Path => "/";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Server is string server && (server.StartsWith("CUPS/", StringComparison.Ordinal) || server.Contains("IPP/", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        !IsSuspectedBy(answer) ? null : http.By("CUPS", Sighting.After(answer.Body, "CUPS v") ?? Sighting.After(answer.Server!, "CUPS"));
}
