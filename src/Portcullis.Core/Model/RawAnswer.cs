namespace Portcullis.Core.Model;

/// <summary>One question put to the machine and its undecoded answer, kept so that a snapshot can be decoded again elsewhere.</summary>
/// <param name="Request">The question, such as "file /proc/1/comm".</param>
/// <param name="Error">The errno of a refused question; 0 for an answer.</param>
/// <param name="Text">The answer where it is printable ASCII.</param>
/// <param name="Bytes">The answer where it is not.</param>
public sealed record RawAnswer(string Request, int Error, string? Text, byte[]? Bytes);
