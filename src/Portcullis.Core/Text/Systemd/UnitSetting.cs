namespace Portcullis.Core.Text.Systemd;

/// <summary>One assignment of a unit file.</summary>
/// <param name="Section">The section without brackets, such as "Socket".</param>
/// <param name="Key">The name before the "=".</param>
/// <param name="Value">What follows, without blanks at its ends; empty resets a list.</param>
public sealed record UnitSetting(string Section, string Key, string Value);
