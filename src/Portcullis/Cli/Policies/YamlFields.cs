using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Cli.Files;

namespace Portcullis.Cli.Policies;

/// <summary>Takes the fields out of a mapping, and refuses what is unknown or of the wrong shape, with its place and the mend.</summary>
/// <param name="file">The name by which errors speak of the file.</param>
/// <param name="path">The way to the mapping, such as "define.web-server"; empty for the whole file.</param>
/// <param name="node">The mapping.</param>
internal sealed class YamlFields(string file, string path, YamlNode.Mapping node)
{
    /// <summary>The names of its fields, in order.</summary>
    internal IEnumerable<YamlNode.Text> Names => node.Entries.Select(entry => entry.Name);

    /// <summary>The line where it begins.</summary>
    internal int Line => node.Line;

    /// <summary>Takes a node as a mapping.</summary>
    /// <exception cref="InputException">It is none.</exception>
    internal static YamlFields Of(string file, string path, YamlNode node) => node is YamlNode.Mapping mapping
        ? new YamlFields(file, path, mapping)
        : throw YamlFile.ErrorAt(file, node.Line, $"{(path.Length == 0 ? "the file" : path)}: 'name: value' lines are wanted here");

    /// <summary>Refuses fields that are none of these.</summary>
    internal void Allow(params string[] names)
    {
        foreach (YamlNode.Text name in Names)
        {
            if (!names.Contains(name.Value, StringComparer.Ordinal))
            {
                throw YamlFile.ErrorAt(file, name.Line, $"{In(name.Value)}: is not known{Spelling.Hint(name.Value, names)} (known: {string.Join(", ", names)})");
            }
        }
    }

    /// <summary>Whether the field is there.</summary>
    internal bool Has(string name) => node.Find(name) is not null;

    /// <summary>The line of the field; that of the mapping where it is not there.</summary>
    internal int LineOf(string name) => node.Find(name)?.Line ?? Line;

    /// <summary>One value; null where the field is not there.</summary>
    internal string? Text(string name) => node.Find(name) switch
    {
        null => null,
        YamlNode.Text { Value: { Length: > 0 } value } => value,
        YamlNode.Text empty => throw YamlFile.ErrorAt(file, empty.Line, $"{In(name)}: is empty; write a value or take the line out"),
        YamlNode other => throw YamlFile.ErrorAt(file, other.Line, $"{In(name)}: one value is wanted, not {Shape(other)}"),
    };

    /// <summary>Several values, or one alone; empty where the field is not there.</summary>
    internal ImmutableArray<YamlNode.Text> Texts(string name) => node.Find(name) switch
    {
        null => [],
        YamlNode.Text one => [NotEmpty(one, name)],
        YamlNode.Sequence list => [.. list.Items.Select(item => item as YamlNode.Text ?? throw YamlFile.ErrorAt(file, item.Line, $"{In(name)}: a list of plain values is wanted")).Select(item => NotEmpty(item, name))],
        YamlNode other => throw YamlFile.ErrorAt(file, other.Line, $"{In(name)}: a list is wanted, not {Shape(other)}"),
    };

    /// <summary>Mappings in a list; empty where the field is not there.</summary>
    internal IEnumerable<YamlFields> Items(string name) => node.Find(name) switch
    {
        null => [],
        YamlNode.Sequence list => list.Items.Select(item => Of(file, In(name), item)),
        YamlNode other => throw YamlFile.ErrorAt(file, other.Line, $"{In(name)}: a list is wanted (lines that begin with '- '), not {Shape(other)}"),
    };

    /// <summary>A mapping; null where the field is not there.</summary>
    internal YamlFields? Fields(string name) => node.Find(name) is YamlNode inner ? Of(file, In(name), inner) : null;

    /// <summary>True or false; false where the field is not there.</summary>
    internal bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        string other => throw YamlFile.ErrorAt(file, LineOf(name), $"{In(name)}: '{other}' is neither true nor false"),
    };

    /// <summary>An error about a field.</summary>
    internal InputException Error(string name, string message) => YamlFile.ErrorAt(file, LineOf(name), $"{In(name)}: {message}");

    /// <summary>An error about one value of a field.</summary>
    internal InputException Error(string name, YamlNode.Text value, string message) => YamlFile.ErrorAt(file, value.Line, $"{In(name)}: {message}");

    private YamlNode.Text NotEmpty(YamlNode.Text text, string name) =>
        text.Value.Length > 0 ? text : throw YamlFile.ErrorAt(file, text.Line, $"{In(name)}: is empty; write a value or take it out");

    private string In(string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shape(YamlNode node) => node switch
    {
        YamlNode.Text => "one value",
        YamlNode.Sequence => "a list",
        _ => "'name: value' lines",
    };
}
