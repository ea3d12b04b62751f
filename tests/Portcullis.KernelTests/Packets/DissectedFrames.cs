using System.Collections.Generic;
using System.Threading.Tasks;
using Portcullis.Tests.Wire.Packets;
using Xunit;

namespace Portcullis.KernelTests.Packets;

/// <summary>Thousands of random frames, valid and spoiled, dissected once for all tests.</summary>
public sealed class DissectedFrames : IAsyncLifetime
{
    internal const int Seed = 20_261_122;
    private const int ValidFrames = 4_000;
    private const int SpoiledFrames = 8_000;

    internal List<DissectedFrame> All { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        RandomPackets random = new(Seed);
        List<byte[]> frames = new(ValidFrames + SpoiledFrames);
        for (int count = 0; count < ValidFrames + SpoiledFrames; count++)
        {
            frames.Add(count < ValidFrames ? random.Valid() : random.Spoiled());
        }

        All = await Dissector.Dissect(frames);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
