using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedBoxes))]

namespace Portcullis.KernelTests.Lab;

/// <summary>
/// One server of each suite for all tests that only read; each is booted when the first test asks for it. A test that changes
/// anything boots its own with <see cref="Box.Boot(Suite)"/>.
/// </summary>
public sealed class SharedBoxes : IAsyncDisposable
{
    private readonly Dictionary<Suite, Lazy<Task<Box>>> _boxes =
        Enum.GetValues<Suite>().ToDictionary(suite => suite, suite => new Lazy<Task<Box>>(() => Box.Boot(suite)));

    /// <summary>The shared server of a suite.</summary>
    public Task<Box> Of(Suite suite) => _boxes[suite].Value;

    public async ValueTask DisposeAsync()
    {
        // One that never came up has said so in its test, and is gone.
        IEnumerable<Task<Box>> booted = _boxes.Values.Where(box => box.IsValueCreated).Select(box => box.Value);
        await Task.WhenAll(booted.Where(box => box.IsCompletedSuccessfully).Select(box => box.Result.DisposeAsync().AsTask()));
    }
}
