using System.Collections.Immutable;

namespace Portcullis.Core.Probing.Services;

/// <summary>All protocols over TCP that are recognised. The order is that of the questions where nothing hints at any.</summary>
public static class ServiceProtocols
{
    /// <summary>The protocol of web pages: the first question to a port that says nothing.</summary>
    public static IServiceProtocol Http { get; } = new HttpProtocol();

    /// <summary>The protocol that carries others.</summary>
    public static IServiceProtocol Tls { get; } = new TlsProtocol();

    /// <summary>All of them.</summary>
    public static ImmutableArray<IServiceProtocol> All { get; } =
    [
        // Those that speak first.
        new SshProtocol(),

        // Those that are asked, the likeliest first.
        Http, Tls, new RedisProtocol(),
    ];

    /// <summary>Whether a protocol's question is kept for ports and answers that hint at it, since it is worth little elsewhere.</summary>
    internal static bool IsAskedOnlyOnHint(IServiceProtocol protocol) => protocol is IHintedProtocol;
}
