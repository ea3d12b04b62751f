using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Portcullis.Tests.Cli;

/// <summary>What a page is made of, whatever its words are.</summary>
internal static partial class HtmlOutline
{
    /// <summary>The elements and attributes without any text: what a hostile name must not change.</summary>
    internal static string[] Structure(XElement page) =>
        [.. page.Descendants().Where(element => element.Name.LocalName != "text").Select(element => $"{element.Name}[{string.Join(' ', element.Attributes().Select(attribute => attribute.Name))}]").Order(StringComparer.Ordinal)];

    /// <summary>The page is written so that an XML parser can read it too, but for the elements that HTML leaves open.</summary>
    internal static XElement Parse(string html)
    {
        string closed = OpenElement().Replace(html.Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal), "$0</meta>");
        using XmlReader reader = XmlReader.Create(new StringReader(Style().Replace(closed, "<style></style>")), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XElement.Load(reader);
    }

    [GeneratedRegex("<meta [^>]*>", RegexOptions.None, 1000)]
    private static partial Regex OpenElement();

    [GeneratedRegex("<style>[^<]*</style>", RegexOptions.None, 1000)]
    private static partial Regex Style();
}
