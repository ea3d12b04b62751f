namespace Portcullis.Core.Model.Rules;

/// <summary>Something that is not understood. It may do anything: hold or not, accept or drop.</summary>
/// <param name="Text">What is known of it, such as "xt match bpf revision 1".</param>
public sealed record OpaqueStep(string Text) : RuleStep;
