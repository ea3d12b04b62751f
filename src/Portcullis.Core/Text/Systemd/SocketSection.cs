using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Portcullis.Core.Text.Systemd;

/// <summary>What a socket unit opens and starts: the [Socket] section of systemd.socket(5).</summary>
/// <param name="Listens">The Listen… settings that apply, such as "ListenStream=[::]:111".</param>
/// <param name="Activates">The service that it starts: Service=, or the one of the same name; a template where each connection gets an instance.</param>
public sealed record SocketSection(ImmutableArray<string> Listens, string Activates)
{
    private const string Section = "Socket";

    private static readonly HashSet<string> Keys = new(StringComparer.Ordinal)
    {
        "ListenStream", "ListenDatagram", "ListenSequentialPacket", "ListenFIFO", "ListenSpecial", "ListenNetlink",
        "ListenMessageQueue", "ListenUSBFunction",
    };

    /// <summary>Reads it out of a unit with its drop-ins.</summary>
    /// <param name="file">The unit.</param>
    /// <param name="unit">Its valid name, ending in ".socket".</param>
    /// <param name="values">For specifiers.</param>
    public static SocketSection Of(UnitFile file, string unit, SpecifierValues values)
    {
        List<string> listens = [];
        string? service = null;
        bool accept = false;
        foreach (UnitSetting setting in file.Settings)
        {
            if (setting.Section != Section)
            {
                continue;
            }

            if (Keys.Contains(setting.Key))
            {
                // An empty assignment to any of the keys drops what all of them said.
                if (setting.Value.Length == 0)
                {
                    listens.Clear();
                }
                else
                {
                    listens.Add($"{setting.Key}={Specifiers.Resolve(setting.Value, unit, values)}");
                }
            }
            else if (setting.Key == "Service" && Specifiers.Resolve(setting.Value, unit, values) is string name
                && name.EndsWith(".service", StringComparison.Ordinal) && UnitName.IsValid(name))
            {
                service = name;
            }
            else if (setting.Key == "Accept")
            {
                accept = UnitFile.IsTrue(setting.Value);
            }
        }

        bool perConnection = accept && listens.TrueForAll(TakesConnections);
        return new SocketSection([.. listens], service ?? (perConnection ? $"{UnitName.Prefix(unit)}@.service" : $"{UnitName.Stem(unit)}.service"));
    }

    private static bool TakesConnections(string listen) =>
        listen.StartsWith("ListenStream=", StringComparison.Ordinal) || listen.StartsWith("ListenSequentialPacket=", StringComparison.Ordinal);
}
