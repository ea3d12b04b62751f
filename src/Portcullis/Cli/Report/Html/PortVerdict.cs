namespace Portcullis.Cli.Report.Html;

/// <summary>What is to be said of a port, from the best to the worst; each has a shape, a colour and a word.</summary>
internal enum PortVerdict
{
    /// <summary>Nothing listens.</summary>
    None,

    /// <summary>It is allowed, and nothing is amiss with it.</summary>
    Expected,

    /// <summary>No policy speaks of it, and nothing is amiss with it.</summary>
    Unjudged,

    /// <summary>No policy allows it, though no finding says so (somebody accepted that).</summary>
    Unexpected,

    /// <summary>A finding that informs.</summary>
    Info,

    /// <summary>A finding of low severity.</summary>
    Low,

    /// <summary>A finding of medium severity.</summary>
    Medium,

    /// <summary>A finding of high severity.</summary>
    High,

    /// <summary>A critical finding.</summary>
    Critical,
}
