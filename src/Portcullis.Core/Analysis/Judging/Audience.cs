using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>Compares who may reach a service with who can hear its socket.</summary>
internal static class Audience
{
    /// <summary>The widest address that a socket may have without being heard by more than the zones; loopback for no zone.</summary>
    internal static Scope WidestOf(ImmutableArray<string> zones) => zones.Select(Of).DefaultIfEmpty(Scope.Loopback).Max();

    private static Scope Of(string zone) => zone switch
    {
        Zone.Host => Scope.Loopback,
        Zone.Link => Scope.Link,
        Zone.Internet => Scope.Any,
        _ => Scope.Private,
    };
}
