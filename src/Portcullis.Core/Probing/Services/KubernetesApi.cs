using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// The API server of Kubernetes (https://kubernetes.io/docs/reference/using-api/). Asked: GET /version, which is open to anybody by
/// default and only reads.
/// </summary>
public sealed class KubernetesApi : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "kubernetes";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [6443, 16443];

    /// <inheritdoc/>
    protected override string Path => "/version";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Field("Audit-Id") is not null || front.Body.Contains("\"kind\":\"Status\"", StringComparison.Ordinal) || front.Body.Contains("\"kind\": \"Status\"", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        answer.Member("gitVersion") is string version ? http.By("Kubernetes", version.TrimStart('v')).Seen("gitVersion " + version) with { AuthenticationNote = "tells its version to anybody; what else was not tried" }
            : answer.Status is 401 or 403 && IsSuspectedBy(answer) ? http.By("Kubernetes").Asks("asks who is there") : null;
}
