using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>How some of the packets to a listener fare.</summary>
/// <param name="Entrance">The interface by which they come.</param>
/// <param name="Region">Which, and how.</param>
internal sealed record Fate(NetworkInterface Entrance, ReachRegion Region);
