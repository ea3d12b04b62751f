using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Prometheus (https://prometheus.io/docs/prometheus/latest/querying/api/). Asked: GET /api/v1/status/buildinfo, which only reads.
/// </summary>
public sealed class PrometheusApi : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "prometheus";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [9090];

    /// <inheritdoc/>
    protected override string Path => "/api/v1/status/buildinfo";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Field("Location") is "/graph" or "/classic/graph" or "/query" || front.Body.Contains("<title>Prometheus", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        answer.Status == 200 && answer.Body.Contains("\"goVersion\"", StringComparison.Ordinal) && answer.Member("version") is string version
            ? http.By("Prometheus", version).Seen("version " + version).Open("shows what it measures without a password") : null;
}
