using Portcullis.Core.Model;

namespace Portcullis.Cli.Scanning;

/// <summary>One host that is to be asked.</summary>
/// <param name="Name">The text that names it.</param>
/// <param name="Address">Its address.</param>
/// <param name="Link">The index of the interface that leads to it; 0 for any.</param>
internal sealed record NamedTarget(string Name, IpAddress Address, int Link = 0);
