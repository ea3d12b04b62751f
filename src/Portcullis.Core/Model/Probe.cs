namespace Portcullis.Core.Model;

/// <summary>One question to a port: is anybody there?</summary>
/// <param name="Port">The port, 0 to 65,535.</param>
/// <param name="Attempt">Which question to this port it is, 0 to 63; each is another connection, so that its answer is its own.</param>
public readonly record struct Probe(ushort Port, byte Attempt)
{
    /// <summary>How many attempts can be told apart.</summary>
    public const int Attempts = 64;
}
