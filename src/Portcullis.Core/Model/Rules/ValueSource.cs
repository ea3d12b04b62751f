namespace Portcullis.Core.Model.Rules;

/// <summary>Where a rule takes a value from that it writes.</summary>
public abstract record ValueSource;
