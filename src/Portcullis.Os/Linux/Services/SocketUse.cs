using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text.Systemd;

namespace Portcullis.Os.Linux.Services;

/// <summary>
/// Which socket units a manager has in use. One that merely lies there, disabled, starts nothing: the manager never loads
/// it. It is loaded when enabled, pulled in by a unit, or named by a unit that is itself loaded.
/// </summary>
internal static class SocketUse
{
    /// <param name="sockets">Every socket unit.</param>
    /// <param name="running">Units known to be loaded.</param>
    /// <param name="isStarted">Whether something shows that a socket unit was started or pulled in.</param>
    /// <param name="load">What a unit says, with its drop-ins; null where there is nothing to read.</param>
    internal static HashSet<string> Of(IEnumerable<UnitFacts> sockets, IEnumerable<string> running, Predicate<string> isStarted, Func<string, UnitFile?> load)
    {
        Dictionary<string, UnitFacts> known = sockets.ToDictionary(static socket => socket.Name, StringComparer.Ordinal);
        Queue<string> open = new(running.Concat(known.Values.Where(socket => socket.Enabled is "enabled" or "enabled-runtime" || isStarted(socket.Name)).Select(static socket => socket.Name)));
        HashSet<string> loaded = new(StringComparer.Ordinal);
        while (open.TryDequeue(out string? name))
        {
            if (!loaded.Add(name))
            {
                continue;
            }

            if (known.TryGetValue(name, out UnitFacts? socket) && socket.Activates is string service)
            {
                open.Enqueue(service);
            }

            foreach (UnitSetting setting in load(name)?.Settings ?? [])
            {
                if (setting.Section is "Unit" or "Service" && setting.Value.Contains(".socket", StringComparison.Ordinal))
                {
                    foreach (string word in setting.Value.Split(' ').Where(known.ContainsKey))
                    {
                        open.Enqueue(word);
                    }
                }
            }
        }

        loaded.IntersectWith(known.Keys);
        return loaded;
    }
}
