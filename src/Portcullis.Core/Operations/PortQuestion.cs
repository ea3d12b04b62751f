using Portcullis.Core.Model;

namespace Portcullis.Core.Operations;

/// <summary>A port of one protocol that somebody asks about.</summary>
/// <param name="Port">0 to 65535.</param>
/// <param name="Protocol">A protocol that has ports.</param>
public readonly record struct PortQuestion(int Port, Protocol Protocol);
