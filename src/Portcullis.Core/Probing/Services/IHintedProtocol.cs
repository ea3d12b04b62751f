namespace Portcullis.Core.Probing.Services;

/// <summary>A protocol whose question is asked only where the port or an answer hints at it: elsewhere it would find next to nothing.</summary>
internal interface IHintedProtocol : IServiceProtocol;
