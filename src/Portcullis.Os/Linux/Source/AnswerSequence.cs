using System;
using System.Collections.Generic;
using System.Threading;

namespace Portcullis.Os.Linux.Source;

/// <summary>
/// The answers to one question in the order in which they came. Played back, the n-th asking gets the n-th answer, and every
/// asking beyond the last gets the last. Safe to use from several threads.
/// </summary>
internal sealed class AnswerSequence
{
    private readonly Lock _gate = new();
    private readonly List<Answer> _answers = [];

    // A file that is read again and again mostly says the same, which is kept once.
    private int _repeats;
    private int _played;

    /// <summary>The answers without repetitions at the end, which playing back gives anyway.</summary>
    internal Answer[] Recorded
    {
        get
        {
            lock (_gate)
            {
                return [.. _answers];
            }
        }
    }

    internal void Add(Answer answer)
    {
        lock (_gate)
        {
            if (_answers.Count > 0 && _answers[^1] is Answer last && last.Error == answer.Error && last.Span.SequenceEqual(answer.Span))
            {
                _repeats++;
                return;
            }

            for (; _repeats > 0; _repeats--)
            {
                _answers.Add(_answers[^1]);
            }

            _answers.Add(answer);
        }
    }

    /// <summary>The answer to the next asking; there has to be one at least.</summary>
    internal Answer Next()
    {
        lock (_gate)
        {
            return _answers[Math.Min(_played++, _answers.Count - 1)];
        }
    }

    /// <summary>Adds an answer of a recording, repetitions and all.</summary>
    internal void Append(Answer answer) => _answers.Add(answer);
}
