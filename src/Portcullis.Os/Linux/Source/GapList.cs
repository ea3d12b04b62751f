using System.Collections.Generic;
using System.Collections.Immutable;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>Collects what could not be read, each thing once.</summary>
internal sealed class GapList
{
    private readonly HashSet<Gap> _seen = [];
    private readonly ImmutableArray<Gap>.Builder _gaps = ImmutableArray.CreateBuilder<Gap>();

    internal int Count => _gaps.Count;

    internal void Add(string what, string why, string? remedy = null)
    {
        Gap gap = new(what, why, remedy);
        if (_seen.Add(gap))
        {
            _gaps.Add(gap);
        }
    }

    /// <summary>Notes a refused question, unless it only says that the thing does not exist.</summary>
    /// <returns>Whether there is an answer.</returns>
    internal bool Check(Answer answer, string what)
    {
        if (answer.Error is not (0 or Errno.ENOENT or Errno.ENOTDIR))
        {
            Add(what, Errno.Text(answer.Error), answer.Error is Errno.EACCES or Errno.EPERM ? "run as root" : null);
        }

        return answer.Ok;
    }

    internal ImmutableArray<Gap> ToImmutable() => _gaps.ToImmutable();
}
