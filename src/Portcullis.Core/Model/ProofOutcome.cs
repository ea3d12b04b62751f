namespace Portcullis.Core.Model;

/// <summary>What packets say to a claim about who reaches a port.</summary>
public enum ProofOutcome
{
    /// <summary>They could not tell.</summary>
    Untold,

    /// <summary>The claim holds.</summary>
    Proved,

    /// <summary>The claim left it open, and now it is known.</summary>
    Settled,

    /// <summary>The rules let them in, but they never came to this host: something in front of it stops them.</summary>
    StoppedBefore,

    /// <summary>The claim is wrong.</summary>
    Contradicted,
}
