using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Proving;

/// <summary>What a twin of the host is to be asked.</summary>
/// <param name="Questions">The packets.</param>
/// <param name="Listeners">The listeners that the twin needs.</param>
/// <param name="Left">How many ways in which packets fare are not asked about, since there are too many.</param>
/// <param name="WithoutWayBack">To how many listeners no packet can be seen answered: the host has no way back to where these come from.</param>
public sealed record TwinInquiry(ImmutableArray<TwinQuestion> Questions, ImmutableArray<Listener> Listeners, int Left, int WithoutWayBack);
