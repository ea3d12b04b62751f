using Portcullis.Core.Model;

namespace Portcullis.KernelTests.Identification;

/// <summary>What a port has to be told as.</summary>
/// <param name="Port">Its usual port.</param>
/// <param name="Name">The service with what carries it.</param>
/// <param name="Product">The program; null where it does not say.</param>
/// <param name="Package">The package whose version it says; null where it says none.</param>
/// <param name="Authentication">Whether it asks who is there.</param>
internal sealed record Expected(int Port, string Name, string? Product, string? Package, AuthenticationDemand Authentication);
