using System;
using System.Threading.Tasks;

namespace Portcullis.KernelTests.Lab;

/// <summary>
/// A link between two network namespaces that delays, loses, reorders, doubles, damages and forges packets: two TAP devices, joined by
/// a relay of ours (the kernels that tests run on have no netem).
/// </summary>
public sealed class FaultyLink : IDisposable
{
    /// <summary>What its device is called at both ends.</summary>
    public const string Device = "tap";

    private readonly TapDevice _left;
    private readonly TapDevice _right;
    private readonly LinkDirection _there;
    private readonly LinkDirection _back;
    private volatile LinkFaults _faults;

    private FaultyLink(TapDevice left, TapDevice right, LinkFaults faults)
    {
        _left = left;
        _right = right;
        _faults = faults;
        _there = new LinkDirection(left, right, () => _faults, faults.Seed);
        _back = new LinkDirection(right, left, () => _faults, ~faults.Seed);
    }

    /// <summary>How many frames came in so far.</summary>
    public long Carried => _there.Carried + _back.Carried;

    /// <summary>How many of them were lost.</summary>
    public long Lost => _there.Lost + _back.Lost;

    /// <summary>Joins two namespaces by a device in each, with these addresses.</summary>
    public static async Task<FaultyLink> Between(NetworkNamespace left, NetworkNamespace right, LinkFaults faults, string leftAddress = "10.77.0.1/24", string rightAddress = "10.77.0.2/24")
    {
        TapDevice one = left.Do(static () => new TapDevice(Device));
        FaultyLink? link = null;
        try
        {
            link = new FaultyLink(one, right.Do(static () => new TapDevice(Device)), faults);
            foreach ((NetworkNamespace end, string address) in ((NetworkNamespace, string)[])[(left, leftAddress), (right, rightAddress)])
            {
                (await end.Run("ip", "address", "add", address, "dev", Device)).MustSucceed();
                (await end.Run("ip", "link", "set", Device, "txqueuelen", "10000", "up")).MustSucceed();
            }

            return link;
        }
        catch (LabException)
        {
            (link ?? (IDisposable)one).Dispose(); // its thread would outlive the test
            throw;
        }
    }

    /// <summary>Changes what it does from now on.</summary>
    public void Become(LinkFaults faults) => _faults = faults;

    /// <inheritdoc/>
    public void Dispose()
    {
        _there.End();
        _back.End();
        _left.Dispose();
        _right.Dispose();
    }
}
