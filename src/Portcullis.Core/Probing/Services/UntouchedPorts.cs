namespace Portcullis.Core.Probing.Services;

/// <summary>
/// Ports on which a question may do something in the world: printers put on paper whatever they are sent, and controllers of machines
/// were never made for strangers' bytes. There one only listens.
/// </summary>
public static class UntouchedPorts
{
    /// <summary>Why nothing is said on that port over TCP; null where there is no reason.</summary>
    public static string? ReasonFor(int port) => port switch
    {
        >= 9100 and <= 9107 => "printers print whatever they are sent on this port",
        102 or 502 or 1089 or 1090 or 1091 or 2404 or 4840 or 18245 or 20000 or 34962 or 34963 or 34964 or 44818 => "machines are controlled by this port",
        _ => null,
    };
}
