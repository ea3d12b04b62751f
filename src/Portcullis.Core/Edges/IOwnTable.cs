namespace Portcullis.Core.Edges;

/// <summary>Portcullis's own table of rules on this machine. No other is ever touched.</summary>
public interface IOwnTable
{
    /// <summary>How it reads, in nft's language; null where there is none.</summary>
    /// <param name="withCounts">Whether with what its counters have counted.</param>
    /// <exception cref="ChangeException">It cannot be asked.</exception>
    string? Listing(bool withCounts);

    /// <summary>Looks whether a script could be loaded, and loads nothing.</summary>
    /// <exception cref="ChangeException">It could not, and why.</exception>
    void Check(string script);

    /// <summary>Loads a script in one transaction: all of it, or nothing.</summary>
    /// <exception cref="ChangeException">Nothing was loaded, and why.</exception>
    void Load(string script);
}
