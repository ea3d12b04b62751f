using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Docker's API (https://docs.docker.com/reference/api/engine/), and Podman's, which answers the same. Asked: GET /version, which
/// only reads. Whoever gets an answer may do anything on the host.
/// </summary>
public sealed class DockerApi : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "docker";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [2375, 2376];

    /// <inheritdoc/>
    protected override string Path => "/version";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Field("Api-Version") is not null || front.Server?.StartsWith("Docker/", StringComparison.Ordinal) == true || (front.Status == 404 && front.Body.StartsWith("{\"message\":", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        answer.Status == 200 && answer.Member("ApiVersion") is string api
            ? http.By(answer.Body.Contains("Podman Engine", StringComparison.Ordinal) ? "Podman" : "Docker", answer.Member("Version")).Seen($"API {api}").Open("lets anybody who connects run containers as root")
            : null;
}
