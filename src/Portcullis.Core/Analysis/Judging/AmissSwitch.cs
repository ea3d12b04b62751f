using System.Collections.Immutable;
using Portcullis.Core.Model;

namespace Portcullis.Core.Analysis.Judging;

/// <summary>A switch that is amiss on some interfaces.</summary>
/// <param name="Setting">The one that a finding is about: that of the interface where only one is amiss, else that of "all".</param>
/// <param name="Devices">The interfaces.</param>
internal sealed record AmissSwitch(string Setting, ImmutableArray<NetworkInterface> Devices);
