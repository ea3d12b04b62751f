using System.Net;
using Portcullis.Core.Model;

namespace Portcullis.Os.Linux.Dialogues;

/// <summary>One open port that is to be identified.</summary>
/// <param name="Address">Its address; a link-local one with its scope.</param>
/// <param name="Protocol"><see cref="Core.Model.Protocol.Tcp"/> or <see cref="Core.Model.Protocol.Udp"/>.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Host">The name that was asked for, for HTTP and TLS; null for the address itself.</param>
public sealed record IdentifyTarget(IPAddress Address, Protocol Protocol, int Port, string? Host = null);
