using System;
using System.Threading.Tasks;
using Portcullis.KernelTests.Identification;
using Portcullis.KernelTests.Lab;
using Xunit;

[assembly: AssemblyFixture(typeof(AnsweringBox))]

namespace Portcullis.KernelTests.Identification;

/// <summary>One server with many daemons, all started, on their usual ports and each again on a port 30000 higher; booted when it is first asked for.</summary>
public sealed class AnsweringBox : IAsyncDisposable
{
    private readonly Lazy<Task<Box>> _box = new(Start);

    /// <summary>It.</summary>
    public Task<Box> Get() => _box.Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_box.IsValueCreated && _box.Value.IsCompletedSuccessfully)
        {
            await _box.Value.Result.DisposeAsync();
        }
    }

    private static async Task<Box> Start()
    {
        Box box = await Box.Boot(await LabFiles.AnsweringImage());
        try
        {
            (await box.Run(TimeSpan.FromSeconds(90), "/opt/lab/answering/start")).MustSucceed();
            return box;
        }
        catch
        {
            await box.DisposeAsync();
            throw;
        }
    }
}
