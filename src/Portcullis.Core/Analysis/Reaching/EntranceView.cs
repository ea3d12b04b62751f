using Portcullis.Core.Firewall;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>How packets fare that come by an interface.</summary>
/// <param name="Entrance">The interface.</param>
/// <param name="View">How they fare; null where that is too complex to be worked out.</param>
internal sealed record EntranceView(NetworkInterface Entrance, ReachView? View);
