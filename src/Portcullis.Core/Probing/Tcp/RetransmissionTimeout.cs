using System;

namespace Portcullis.Core.Probing.Tcp;

/// <summary>Works out from measured round trips after which time a segment is sent again (RFC 6298).</summary>
public sealed class RetransmissionTimeout
{
    // RFC 6298, 2.3: G, the granularity of the clock.
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(1);

    // 5.7: when the SYN was sent again, data begins with at least this.
    private static readonly TimeSpan AfterLostSyn = TimeSpan.FromSeconds(3);

    private readonly TcpSettings _settings;
    private TimeSpan _variation;

    /// <summary>Begins without a measurement.</summary>
    public RetransmissionTimeout(TcpSettings settings)
    {
        _settings = settings;
        Current = settings.FirstTimeout;
    }

    /// <summary>The time to wait now.</summary>
    public TimeSpan Current { get; private set; }

    /// <summary>The smoothed round trip; null while none was measured.</summary>
    public TimeSpan? Smoothed { get; private set; }

    /// <summary>Takes a measured round trip of a segment that was sent once (Karn's rule; RFC 6298, 3).</summary>
    public void Measure(TimeSpan roundTrip)
    {
        roundTrip = roundTrip < TimeSpan.Zero ? TimeSpan.Zero : roundTrip; // clocks that differ by a hair
        if (Smoothed is TimeSpan smoothed)
        {
            // 2.3: RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R|, then SRTT = 7/8 SRTT + 1/8 R.
            _variation = (_variation * 0.75) + ((smoothed - roundTrip).Duration() * 0.25);
            Smoothed = (smoothed * 0.875) + (roundTrip * 0.125);
        }
        else
        {
            Smoothed = roundTrip; // 2.2
            _variation = roundTrip * 0.5;
        }

        Current = Clamp(Smoothed.Value + Spread);
    }

    /// <summary>Doubles it after a timeout (5.5).</summary>
    public void BackOff() => Current = Clamp(Current * 2);

    /// <summary>Forgets the doubling, where it was not loss that made the peer silent.</summary>
    public void Restore() => Current = Smoothed is TimeSpan smoothed ? Clamp(smoothed + Spread) : _settings.FirstTimeout;

    /// <summary>Data begins after the SYN had to be sent again, so that nothing was measured (5.7).</summary>
    public void RecoverFromLostSyn()
    {
        if (Smoothed is null)
        {
            Current = Clamp(_settings.FirstTimeout > AfterLostSyn ? _settings.FirstTimeout : AfterLostSyn);
        }
    }

    private TimeSpan Spread => _variation * 4 > Granularity ? _variation * 4 : Granularity;

    private TimeSpan Clamp(TimeSpan time) =>
        time < _settings.LeastTimeout ? _settings.LeastTimeout : time > _settings.LongestTimeout ? _settings.LongestTimeout : time;
}
