using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Portcullis.Tests.Police;

/// <summary>Fails with every violation on a line of its own; xunit's own messages are cut.</summary>
internal static class Verdict
{
    internal static void Clean(IEnumerable<string> violations)
    {
        string[] all = violations.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
