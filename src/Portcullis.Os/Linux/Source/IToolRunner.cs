using System;
using System.Collections.Generic;

namespace Portcullis.Os.Linux.Source;

/// <summary>The door to other programs' answers, for the few facts that no file tells in a documented form.</summary>
internal interface IToolRunner
{
    /// <summary>
    /// Runs a program with nothing on its standard input and LC_ALL=C, and waits for it: its standard output, or the errno
    /// of its failure to start, ETIMEDOUT after <paramref name="limit"/>, EFBIG where it says more than <paramref name="size"/> bytes.
    /// The exit status is not told: ask in a form whose answer shows what is missing.
    /// </summary>
    /// <param name="program">An absolute path; nothing is looked for in PATH.</param>
    /// <param name="arguments">Handed over as they are; no shell is between.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="size">How many bytes it may say.</param>
    Answer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int size);
}
