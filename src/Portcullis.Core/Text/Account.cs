namespace Portcullis.Core.Text;

/// <summary>One account of passwd(5).</summary>
/// <param name="Name">The login name.</param>
/// <param name="Home">The home directory; empty where the file leaves it so.</param>
public sealed record Account(string Name, string Home);
