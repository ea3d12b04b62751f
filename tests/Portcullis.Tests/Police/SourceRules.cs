using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Portcullis.Tests.Police;

/// <summary>What holds for every C# file under src/. It relies on the formatting that ./test checks: types of a file begin in the first column.</summary>
internal static partial class SourceRules
{
    private const int MostLines = 400;

    /// <summary>What is wrong with one file.</summary>
    internal static IEnumerable<string> Violations(SourceFile source)
    {
        if (source.Lines.Length > MostLines)
        {
            yield return $"{source.Path} has {source.Lines.Length} lines, more than {MostLines}: look for the second thing in it";
        }

        string expected = source.Folder["src/".Length..].Replace('/', '.');
        if (NamespaceOf(source) != expected)
        {
            yield return $"{source.Path} has the namespace \"{NamespaceOf(source)}\": its folder says {expected}";
        }

        List<(string Kind, string Name)> types = [.. TypesOf(source)];
        foreach ((_, string name) in types.Concat(NestedTypesOf(source)))
        {
            if (EmptyWord().IsMatch(name))
            {
                yield return $"{source.Path}: {name} is a name that says nothing; call it by what it does";
            }
        }

        if (types.Count > 1 && !(types[0].Kind == "interface" && types.Skip(1).All(static type => type.Kind is "record" or "enum")))
        {
            yield return $"{source.Path} holds {string.Join(", ", types.Select(static type => type.Name))}: one type a file, or an interface with its small records";
        }

        if (types.Count > 0 && types[0].Name != source.Name.Split('.')[0])
        {
            yield return $"{source.Path} holds {types[0].Name}: a file is called by its type";
        }
    }

    /// <summary>The file's namespace, or "".</summary>
    internal static string NamespaceOf(SourceFile source) => Namespace().Match(source.Text) is { Success: true } match ? match.Groups["name"].Value : "";

    private static IEnumerable<(string Kind, string Name)> TypesOf(SourceFile source) =>
        TopLevelType().Matches(source.Text).Select(static match => (match.Groups["kind"].Value, match.Groups["name"].Value));

    private static IEnumerable<(string Kind, string Name)> NestedTypesOf(SourceFile source) =>
        NestedType().Matches(source.Text).Select(static match => (match.Groups["kind"].Value, match.Groups["name"].Value));

#pragma warning disable MA0009 // The texts are our own; nobody slows these expressions down on purpose.
    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    // A "file" type is nobody else's business and does not count.
    [GeneratedRegex(@"^(?:(?:public|internal|sealed|static|abstract|readonly|partial|ref|unsafe) )*(?<kind>class|struct|record|interface|enum|delegate)(?: struct| class)? (?:[\w.<>?\[\]]+ (?=\w+[(<]))?(?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^ +(?:(?:public|internal|private|protected|sealed|static|abstract|readonly|partial|ref|unsafe) )+(?<kind>class|struct|record|interface|enum)(?: struct| class)? (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex NestedType();

    [GeneratedRegex("(Util|Utils|Utilities|Helper|Helpers|Manager|Managers|Misc)$", RegexOptions.ExplicitCapture)]
    private static partial Regex EmptyWord();
}
