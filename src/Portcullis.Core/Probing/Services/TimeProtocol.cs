using System.Collections.Immutable;
using System.Buffers.Binary;

namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Time (RFC 868): the server says the seconds since 1900 in four bytes and closes. Recognised: exactly four bytes that are a
/// moment from 2020 to 2035. Nothing is said to it.
/// </summary>
public sealed class TimeProtocol : IServiceProtocol
{
    /// <inheritdoc/>
    public string Name => "time";

    /// <inheritdoc/>
    public ImmutableArray<int> Ports => [37];

    /// <inheritdoc/>
    public Reading Read(in Heard heard)
    {
        const uint From2020 = 3_786_825_600;
        const uint To2036 = 4_291_747_200;
        if (heard.IsAsked || heard.Bytes.Length > 4 || heard.Bytes.IsEmpty || heard.Bytes[0] is < 0xe1 or > 0xff)
        {
            return Reading.NotThis;
        }

        // Without the end it could be the beginning of anything.
        if (!heard.IsEnded || heard.Bytes.Length < 4)
        {
            return heard.TooFew;
        }

        uint seconds = BinaryPrimitives.ReadUInt32BigEndian(heard.Bytes);
        return seconds is >= From2020 and < To2036 ? Reading.Is(Sighting.Of(Name, heard.Bytes).Open("answers anybody")) : Reading.NotThis;
    }
}
