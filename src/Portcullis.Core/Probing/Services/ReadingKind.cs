namespace Portcullis.Core.Probing.Services;

/// <summary>What a protocol makes of what was heard.</summary>
public enum ReadingKind
{
    /// <summary>Whoever says this speaks another protocol.</summary>
    NotThis,

    /// <summary>It may be the beginning of an answer.</summary>
    NeedMore,

    /// <summary>It is no answer of this protocol, but something that such a service says to strangers: worth a question.</summary>
    Suspected,

    /// <summary>There is something more to be asked on the same connection.</summary>
    Ask,

    /// <summary>It is this.</summary>
    Is,
}
