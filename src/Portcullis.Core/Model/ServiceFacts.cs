namespace Portcullis.Core.Model;

/// <summary>What a port is for, by register and custom: a port number alone proves nothing about what answers on it.</summary>
/// <param name="Name">The usual name; null where the port has none.</param>
/// <param name="Class">"system", "user" or "dynamic" (RFC 6335, section 6); null where there is no port.</param>
/// <param name="Cleartext">Whether the usual service talks unencrypted; null where that is not known.</param>
public sealed record ServiceFacts(string? Name, string? Class, bool? Cleartext);
