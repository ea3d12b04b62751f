using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// etcd (https://etcd.io/docs/). Asked: GET /version, which only reads, and is open also where logins are needed.
/// </summary>
public sealed class EtcdApi : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "etcd";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [2379, 2380, 4001];

    /// <inheritdoc/>
    protected override string Path => "/version";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Status == 404 && front.Body.StartsWith("404 page not found", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        answer.Member("etcdserver") is string version ? http.By("etcd", version).Seen("etcdserver " + version) with { AuthenticationNote = "tells its version to anybody; whether its keys are open was not tried" } : null;
}
