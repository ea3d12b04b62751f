using System;
using System.Globalization;
using System.Text;

namespace Portcullis.Cli.Report;

/// <summary>A place in a file, as SARIF wants it: a URI and perhaps a line.</summary>
/// <param name="Uri">The file: "file:///…" for an absolute path, else a reference relative to where the program ran.</param>
/// <param name="Line">The line, from 1; null where none is known.</param>
internal sealed record SarifLocation(string Uri, int? Line)
{
    /// <summary>Reads "path" or "path:line".</summary>
    internal static SarifLocation Of(string location)
    {
        int colon = location.LastIndexOf(':');
        bool hasLine = int.TryParse(location.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int line) && colon > 0 && line > 0;
        string path = hasLine ? location[..colon] : location;
        return new SarifLocation((path.StartsWith('/') ? "file://" : "") + Encoded(path), hasLine ? line : null);
    }

    /// <summary>Percent-encodes all but the unreserved characters and the slash (RFC 3986, 2.3; RFC 8089), so that a colon never makes a scheme.</summary>
    private static string Encoded(string path)
    {
        StringBuilder text = new(path.Length);
        foreach (byte octet in Encoding.UTF8.GetBytes(path))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' or (byte)'/')
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return text.ToString();
    }
}
