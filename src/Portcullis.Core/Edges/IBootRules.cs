namespace Portcullis.Core.Edges;

/// <summary>What loads Portcullis's own table when the machine starts.</summary>
public interface IBootRules
{
    /// <summary>Has a script loaded at every start, before the network comes up; null for none any more. Tells why it cannot; null where it can.</summary>
    string? Keep(string? script);

    /// <summary>The script that is loaded at every start; null for none.</summary>
    string? Kept();
}
