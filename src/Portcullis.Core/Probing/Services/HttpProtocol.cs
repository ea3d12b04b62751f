using System;
using System.Collections.Immutable;
using System.Text;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// HTTP/1.1 (RFC 9110, RFC 9112). Asked: GET /, a safe method (RFC 9110, 9.2.1): a client that sends it asks for no change.
/// </summary>
public sealed class HttpProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "http";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [80, 81, 591, 3000, 5000, 7001, 8000, 8001, 8008, 8080, 8081, 8088, 8888, 9000, 9090];

    /// <inheritdoc/>
    public byte[] Question(string host) => Get("/", host);

    /// <summary>A request for a page.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="host">The name or address that was asked for.</param>
    public static byte[] Get(string path, string host) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}\r\nUser-Agent: Portcullis\r\nAccept: */*\r\nConnection: close\r\n\r\n");

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!HttpAnswer.MayBegin(heard))
        {
            return Reading.NotThis;
        }

        return HttpAnswer.Read(heard) is not HttpAnswer answer ? heard.TooFew : Reading.Is(Describe(answer));
    }

    /// <summary>A server of web pages, by one of its answers.</summary>
    public static IdentifiedService Describe(HttpAnswer answer)
    {
        (string? product, string? version) = SplitProduct(answer.Server);
        string? title = answer.Between("<title>", "</title>");
        string? realm = answer.Field("WWW-Authenticate");
        return new IdentifiedService
        {
            Name = "http",
            Product = SeenText.Word(product),
            Version = SeenText.Word(version),
            Evidence = SeenText.Of(string.Join("; ", Parts(answer, title?.Trim()))),
            Authentication = answer.Status is 401 or 407 ? AuthenticationDemand.Asked : AuthenticationDemand.Unknown,
            AuthenticationNote = answer.Status is 401 ? SeenText.Of($"asks for a login{(realm is null ? "" : $" ({realm})")}") : null,
        };
    }

    /// <summary>"nginx/1.22.1 (Debian)" as product and version (RFC 9110, 10.2.4); each null where it is not there.</summary>
    public static (string? Product, string? Version) SplitProduct(string? server)
    {
        if (string.IsNullOrWhiteSpace(server))
        {
            return (null, null);
        }

        string first = server.Split(' ', 2)[0];
        string[] parts = first.Split('/', 2);
        // Some write their name in two words: "Docker Registry", and no version. The comment in brackets is none of it.
        return parts.Length == 2 ? (parts[0], parts[1]) : (server.Split('(', 2)[0].Trim(), null);
    }

    private static System.Collections.Generic.IEnumerable<string> Parts(HttpAnswer answer, string? title)
    {
        yield return answer.FirstLine;
        if (answer.Server is string server)
        {
            yield return "Server: " + server;
        }

        if (answer.Field("Location") is string location)
        {
            yield return "Location: " + location;
        }

        if (!string.IsNullOrEmpty(title))
        {
            yield return "title: " + title;
        }
    }
}
