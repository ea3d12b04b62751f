using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// A registry of container images (OCI Distribution Specification, end-1). Asked: GET /v2/, which tells whether a login is needed.
/// </summary>
public sealed class DockerRegistry : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "docker-registry";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [5000];

    /// <inheritdoc/>
    protected override string Path => "/v2/";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Field("Docker-Distribution-Api-Version") is not null || (front.Status is 200 or 404 && front.Body.Length == 0 && front.Server is null);

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        answer.Field("Docker-Distribution-Api-Version") is null ? null
            : answer.Status == 200 ? http.Open("gives its images to anybody") : http.Asks();
}
