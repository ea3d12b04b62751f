using Xunit;

namespace Portcullis.KernelTests.Sockets;

/// <summary>
/// Tests that run while no other does: a child that another test starts would inherit the descriptors which these tests leave open
/// for a child of their own.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
