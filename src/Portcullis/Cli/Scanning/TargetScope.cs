using System.Linq;
using Portcullis.Cli.Files;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Core.Policy;

namespace Portcullis.Cli.Scanning;

/// <summary>What may be probed from here: this machine, what the policy names, what the user says is theirs.</summary>
internal static class TargetScope
{
    /// <summary>Refuses a target that is none of these.</summary>
    /// <param name="doors">Knows this machine's addresses.</param>
    /// <param name="target">The target's address.</param>
    /// <param name="policy">The policy; null for none.</param>
    /// <param name="isOwned">Whether the user said that it is theirs (--i-own-this).</param>
    /// <exception cref="InputException">It is out of scope.</exception>
    internal static void Check(IProbeDoors doors, IpAddress target, HostPolicy? policy, bool isOwned)
    {
        if (!isOwned && !doors.IsThisMachine(target) && policy?.Targets.Any(one => one.Block.Contains(target)) != true)
        {
            throw new InputException($"{target} is not this machine: name it under targets: in the policy, or say --i-own-this; only what is yours may be scanned.");
        }
    }
}
