using System;
using System.Globalization;

namespace Portcullis.Core.Text.Kernel;

/// <summary>A port as the kernel's files write it: decimal, alone on its line.</summary>
public static class PortNumber
{
    /// <summary>1 to 65535; null for anything else, also for 0, which means a port that the kernel picks.</summary>
    public static int? Parse(ReadOnlySpan<char> text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535 ? port : null;
}
