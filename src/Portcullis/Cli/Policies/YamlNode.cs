using System.Collections.Generic;
using System.Linq;

namespace Portcullis.Cli.Policies;

/// <summary>A part of a YAML file, with its place.</summary>
/// <param name="Line">Counted from 1.</param>
internal abstract record YamlNode(int Line)
{
    /// <summary>One value.</summary>
    /// <param name="Value">As it stands there, without quotes.</param>
    /// <param name="Line">Counted from 1.</param>
    internal sealed record Text(string Value, int Line) : YamlNode(Line);

    /// <summary>Several, in order.</summary>
    /// <param name="Items">They.</param>
    /// <param name="Line">Counted from 1.</param>
    internal sealed record Sequence(IReadOnlyList<YamlNode> Items, int Line) : YamlNode(Line);

    /// <summary>Named ones, in order; no name twice.</summary>
    /// <param name="Entries">Each name with its line and its value.</param>
    /// <param name="Line">Counted from 1.</param>
    internal sealed record Mapping(IReadOnlyList<(Text Name, YamlNode Value)> Entries, int Line) : YamlNode(Line)
    {
        /// <summary>The value of that name; null for none.</summary>
        internal YamlNode? Find(string name) => Entries.FirstOrDefault(entry => entry.Name.Value == name).Value;
    }
}
