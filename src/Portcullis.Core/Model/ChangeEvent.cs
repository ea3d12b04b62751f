using System;

namespace Portcullis.Core.Model;

/// <summary>One line of a change's journal.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Note">More about it; null for nothing.</param>
public sealed record ChangeEvent(DateTimeOffset At, ChangeEventKind Kind, string? Note);
