namespace Portcullis.Cli.Table;

/// <summary>How a cell is meant, and so how it is coloured where there is colour.</summary>
internal enum Style
{
    /// <summary>Ordinary.</summary>
    Plain,

    /// <summary>The heading, or what matters most in its row.</summary>
    Strong,

    /// <summary>What matters less.</summary>
    Faint,

    /// <summary>What deserves a look.</summary>
    Notable,

    /// <summary>What deserves a look at once.</summary>
    Alarming,
}
