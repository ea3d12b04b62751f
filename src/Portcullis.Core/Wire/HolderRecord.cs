namespace Portcullis.Core.Wire;

/// <summary>One answer to "who holds what".</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Pid">The process id (of the whole process, never of a thread), 1 to 2^31-1; 0 for <see cref="HolderRecordKind.ProcessesHidden"/>.</param>
/// <param name="Value">An inode or an errno, by the kind.</param>
public readonly record struct HolderRecord(HolderRecordKind Kind, int Pid, ulong Value);
