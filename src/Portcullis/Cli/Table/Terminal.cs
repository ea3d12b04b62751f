using System;
using System.Globalization;

namespace Portcullis.Cli.Table;

/// <summary>What the output may look like: how wide, in colour or not, with which letters.</summary>
/// <param name="Width">Columns; null where the output goes to a file or another program, which takes lines of any length.</param>
/// <param name="Color">Whether to colour.</param>
/// <param name="Unicode">Whether letters beyond ASCII can be shown.</param>
/// <param name="Height">Lines of the window; null where there is none.</param>
internal sealed record Terminal(int? Width, bool Color, bool Unicode, int? Height = null)
{
    /// <summary>What standard output is, by the terminal and the environment (NO_COLOR: no-color.org; COLUMNS; TERM; the locale).</summary>
    internal static Terminal OfStandardOutput(bool noColor)
    {
        bool terminal = !Console.IsOutputRedirected;
        string? columns = Environment.GetEnvironmentVariable("COLUMNS");
        int? width = int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked >= 20 ? asked
            : terminal && Window(static () => Console.WindowWidth) is int actual and >= 20 ? actual
            : terminal ? 80
            : null;
        bool color = terminal && !noColor
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new Terminal(width, color, SpeaksUnicode(), terminal && Window(static () => Console.WindowHeight) is int lines and >= 10 ? lines : null);
    }

    private static int? Window(System.Func<int> measure)
    {
        try
        {
            return measure();
        }
        catch (System.IO.IOException)
        {
            return null; // a terminal without a size, such as a serial line
        }
    }

    // locale(7): the first of these that is set and not empty decides.
    private static bool SpeaksUnicode()
    {
        foreach (string name in new[] { "LC_ALL", "LC_CTYPE", "LANG" })
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } locale)
            {
                return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }
}
