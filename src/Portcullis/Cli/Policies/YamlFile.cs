using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Portcullis.Cli.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portcullis.Cli.Policies;

/// <summary>
/// Reads YAML as far as a policy needs it: values, lists and mappings. Anchors, aliases, tags and several documents are refused,
/// since no policy needs them and each has a trap (an alias bomb, a value of an unexpected type, a second policy that nobody sees).
/// </summary>
internal sealed class YamlFile
{
    /// <summary>The most bytes that a file may have.</summary>
    internal const int LargestFile = 1 << 20;
    private const int LongestMessage = 400;
    private const int DeepestNesting = 16;
    private const int MostNodes = 100_000;

    private readonly Parser _parser;
    private readonly string _name;
    private int _nodes;

    private YamlFile(string text, string name)
    {
        _parser = new Parser(new StringReader(text));
        _name = name;
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="bytes">Its content.</param>
    /// <param name="name">The name by which errors speak of it.</param>
    /// <exception cref="InputException">It is no UTF-8, no YAML, or uses what is refused.</exception>
    internal static YamlNode Read(ReadOnlySpan<byte> bytes, string name) => new YamlFile(Decode(bytes, name), name).Document();

    /// <summary>An error at a line.</summary>
    internal static InputException ErrorAt(string file, int line, string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: {Short(message)}"));

    private static string Decode(ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException wrong)
        {
            throw ErrorAt(name, 1 + bytes[..Math.Clamp(wrong.Index, 0, bytes.Length)].Count((byte)'\n'), "this is not UTF-8: save the file as UTF-8 text");
        }
    }

    private YamlNode Document()
    {
        try
        {
            Take<StreamStart>();
            if (_parser.Current is StreamEnd)
            {
                throw new InputException($"{_name}: is empty. Begin with: portcullis suggest");
            }

            Take<DocumentStart>();
            YamlNode root = Node(0);
            Take<DocumentEnd>();
            if (_parser.Current is DocumentStart second)
            {
                throw ErrorAt(_name, (int)second.Start.Line, "a second document begins here: keep one in a file (take out the line ---)");
            }

            return root;
        }
        catch (YamlException wrong)
        {
            throw ErrorAt(_name, (int)Math.Max(1, wrong.Start.Line), $"this is not YAML: {OneLine(wrong.Message)}");
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // The library's own slips on text that is no YAML (its scanner has some); where, it does not say.
            throw ErrorAt(_name, (int)Math.Max(1, _parser.Current?.End.Line ?? 1), "this is not YAML: near here is text that cannot be read");
        }
    }

    /// <summary>A value quoted from the file may be as long as the file.</summary>
    private static string Short(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage / 2)] + " … " + message[^(LongestMessage / 2)..];

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.');

    private YamlNode Node(int depth)
    {
        ParsingEvent here = _parser.Current!;
        int line = (int)here.Start.Line;
        if (depth > DeepestNesting || ++_nodes > MostNodes)
        {
            throw ErrorAt(_name, line, depth > DeepestNesting ? "nested deeper than any policy is" : "more entries than any policy has");
        }

        if (here is AnchorAlias || (here is NodeEvent node && !node.Anchor.IsEmpty))
        {
            throw ErrorAt(_name, line, "anchors (&name) and aliases (*name) are refused: write the value out; quote it if it begins with & or *");
        }

        if (here is NodeEvent { Tag.IsEmpty: false })
        {
            throw ErrorAt(_name, line, "tags (!name) are refused: leave the tag out; quote the value if it begins with !");
        }

        _parser.MoveNext();
        return here switch
        {
            Scalar scalar => new YamlNode.Text(scalar.Value, line),
            SequenceStart => Sequence(line, depth),
            MappingStart => Mapping(line, depth),
            _ => throw ErrorAt(_name, line, "this is not a value, a list or a mapping"),
        };
    }

    private YamlNode.Sequence Sequence(int line, int depth)
    {
        List<YamlNode> items = [];
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
        }

        _parser.MoveNext();
        return new YamlNode.Sequence(items, line);
    }

    private YamlNode.Mapping Mapping(int line, int depth)
    {
        List<(YamlNode.Text, YamlNode)> entries = [];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            int at = (int)_parser.Current!.Start.Line;
            if (Node(depth + 1) is not YamlNode.Text name)
            {
                throw ErrorAt(_name, at, "a name is wanted here, not a list or a mapping");
            }

            if (!seen.TryAdd(name.Value, name.Line))
            {
                throw ErrorAt(_name, name.Line, string.Create(CultureInfo.InvariantCulture, $"'{name.Value}' stands here twice (first in line {seen[name.Value]}): join the two"));
            }

            entries.Add((name, Node(depth + 1)));
        }

        _parser.MoveNext();
        return new YamlNode.Mapping(entries, line);
    }

    private void Take<T>()
        where T : ParsingEvent
    {
        if (_parser.Current is null && !_parser.MoveNext())
        {
            throw new InputException($"{_name}: ends too early.");
        }

        if (_parser.Current is not T)
        {
            throw ErrorAt(_name, (int)_parser.Current!.Start.Line, "this is not where a document may begin or end");
        }

        _parser.MoveNext();
    }
}
