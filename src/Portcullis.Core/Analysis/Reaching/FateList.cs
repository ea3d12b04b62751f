using System.Collections.Generic;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Reaching;

/// <summary>How all packets of one protocol and IP version fare.</summary>
/// <param name="Protocol">The protocol.</param>
/// <param name="Version">The IP version.</param>
/// <param name="Fates">How they fare, each packet once for each interface by which it may come.</param>
/// <param name="Addresses">How many addresses the host has of the version.</param>
internal sealed record FateList(Protocol Protocol, IpVersion Version, List<Fate> Fates, int Addresses);
