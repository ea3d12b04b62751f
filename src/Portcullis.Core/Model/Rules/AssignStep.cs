namespace Portcullis.Core.Model.Rules;

/// <summary>Changes a field of the packet, or what the kernel keeps of it, such as its mark.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">The new value.</param>
public sealed record AssignStep(PacketField Field, ValueSource Value) : RuleStep;
