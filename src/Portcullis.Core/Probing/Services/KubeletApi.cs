using System;
using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// The kubelet, the agent of Kubernetes on each node. Asked: GET /pods, which only reads: it is refused where a login is needed.
/// </summary>
public sealed class KubeletApi : HttpApplication
{
    /// <inheritdoc/>
    public override string Name => "kubelet";

    /// <inheritdoc/>
    public override ImmutableArray<int> Ports => [10250, 10255];

    /// <inheritdoc/>
    protected override string Path => "/pods";

    /// <inheritdoc/>
    protected override bool IsSuspectedBy(HttpAnswer front) =>
        front.Status == 404 && front.Body.StartsWith("404 page not found", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http) =>
        answer.Status == 200 && answer.Body.Contains("\"PodList\"", StringComparison.Ordinal) ? http.By("Kubernetes kubelet").Seen("PodList").Open("shows its pods without a password")
            : answer.Status == 401 && answer.Body.Trim() == "Unauthorized" ? http.By("Kubernetes kubelet").Seen("/pods: Unauthorized").Asks("asks who is there") : null;
}
