using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Elasticsearch and OpenSearch. Asked: GET /, which tells name and version, or that a login is needed.
/// </summary>
public sealed class ElasticsearchApi : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "elasticsearch";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [9200];

    /// <inheritdoc/>
    protected override string Path => "/";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Body.Contains("You Know, for Search", StringComparison.Ordinal) || front.Body.Contains("opensearch.org", StringComparison.Ordinal) || front.Field("X-elastic-product") is not null || front.Body.Contains("security_exception", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        !IsSuspectedBy(answer) ? null
            : answer.Status == 401 ? http.By("Elasticsearch").Asks()
            : http.By(answer.Body.Contains("opensearch", StringComparison.Ordinal) ? "OpenSearch" : "Elasticsearch", answer.Member("number")).Open();
}
