using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Probing.Services;

/// <summary>Something that is spoken over HTTP: suspected by what the front page looks like, known by the answer to a GET of its own.</summary>
public abstract class HttpApplication : IServiceProtocol, IHintedProtocol
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual ImmutableArray<int> Ports => [];

    /// <summary>The page that tells.</summary>
    protected abstract string Path { get; }

    /// <inheritdoc/>
    public byte[] Question(string host) => HttpProtocol.Get(Path, host);

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        if (!HttpAnswer.MayBegin(heard))
        {
            return Reading.NotThis;
        }

        if (HttpAnswer.Read(heard) is not HttpAnswer answer)
        {
            return heard.IsAsked ? heard.TooFew : Reading.NotThis;
        }

        return !heard.IsAsked ? IsSuspectedBy(answer) ? Reading.Suspected : Reading.NotThis
            : Recognise(answer, HttpProtocol.Describe(answer)) is IdentifiedService service ? Reading.Is(service with { Name = Name }) : Reading.NotThis;
    }

    /// <summary>Whether it is worth asking for its page.</summary>
    /// <param name="front">The answer to GET /.</param>
    protected abstract bool IsSuspectedBy(HttpAnswer front);

    /// <summary>Reads the answer to the GET of its page.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="http">What is known of it as a server of web pages.</param>
    /// <returns>What it is; null where it is not this.</returns>
    protected abstract IdentifiedService? Recognise(HttpAnswer answer, IdentifiedService http);
}
