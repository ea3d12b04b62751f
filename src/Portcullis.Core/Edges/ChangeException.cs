using System;

namespace Portcullis.Core.Edges;

/// <summary>A change cannot be written down, made or taken back.</summary>
public sealed class ChangeException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What and why, in a sentence without its end.</param>
    public ChangeException(string message)
        : base(message)
    {
    }
}
