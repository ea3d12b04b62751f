namespace Portcullis.Tests.Police;

/// <summary>One type's mention of another type or member, as the compiler wrote it down.</summary>
/// <param name="From">The outermost type that mentions: full name.</param>
/// <param name="FromNamespace">Its namespace.</param>
/// <param name="Type">The full name of the type that is mentioned, nested types behind "+".</param>
/// <param name="TypeNamespace">Its namespace.</param>
/// <param name="Member">The member with its parameters' types, such as "Open(System.String)"; null where only the type is mentioned.</param>
internal sealed record Use(string From, string FromNamespace, string Type, string TypeNamespace, string? Member)
{
    internal string Target => Member is null ? Type : $"{Type}.{Member}";
}
