using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace Portcullis.KernelTests.Packets;

/// <summary>Collects where our views and tshark differ.</summary>
internal sealed class Comparison
{
    private readonly SortedDictionary<string, (int Count, string Example)> _differences = new(System.StringComparer.Ordinal);
    private int _compared;

    /// <summary>Compares a field of the outermost header that has it.</summary>
    internal void Number(DissectedFrame frame, string field, long? ours, int which = 0) => Add(frame, field, Text(ours), Text(frame.Number(field, which)));

    internal void Text(DissectedFrame frame, string field, string? ours, int which = 0) => Add(frame, field, ours ?? "-", frame.All(field).ElementAtOrDefault(which) ?? "-");

    /// <summary>Compares a checksum: 0 bad, 1 good; where tshark did not look, nothing.</summary>
    internal void Checksum(DissectedFrame frame, string field, bool ours)
    {
        if (frame.Number(field) is 0 or 1)
        {
            Number(frame, field, ours ? 1 : 0);
        }
    }

    /// <summary>Says what has to hold.</summary>
    internal void Holds(DissectedFrame frame, string what, bool holds) => Add(frame, what, "yes", holds ? "yes" : "no");

    /// <summary>Fails where there was a difference, or too little to compare.</summary>
    internal void MustAgree(int least)
    {
        Assert.True(_differences.Count == 0, string.Join('\n', _differences.Select(static one => $"{one.Key} ({one.Value.Count}): {one.Value.Example}")));
        Assert.InRange(_compared, least, int.MaxValue);
    }

    private void Add(DissectedFrame frame, string what, string ours, string theirs)
    {
        _compared++;
        if (ours != theirs)
        {
            (int count, string example) = _differences.GetValueOrDefault(what, (0, $"ours {ours}, theirs {theirs}: {frame}"));
            _differences[what] = (count + 1, example);
        }
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
