using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Portcullis.Core.Model;
using Portcullis.Core.Text;
using Portcullis.Os.Linux.Source;

namespace Portcullis.Os.Linux.Services;

/// <summary>Finds what loads firewall rules when the machine starts: the units of known programs, and the owner's own units and scripts.</summary>
internal sealed class RuleLoaders
{
    private const string What = "what loads rules at boot";
    private const int LongestScript = 1 << 18;
    private const int MostScripts = 64;

    /// <summary>Programs that keep or load rules for the host, and the files that they load, the first that is there.</summary>
    private static readonly (string Name, string[] Files)[] Known =
    [
        ("arno-iptables-firewall", []), ("csf", []), ("ferm", []), ("firehol", []), ("firewalld", []), ("foomuuri", []),
        ("ip6tables", ["/etc/sysconfig/ip6tables", "/etc/iptables/ip6tables.rules"]), // Fedora, Arch
        ("iptables", ["/etc/sysconfig/iptables", "/etc/iptables/iptables.rules"]),
        ("netfilter-persistent", ["/etc/iptables/rules.v4", "/etc/iptables/rules.v6"]), // Debian
        ("nftables", ["/etc/nftables.conf", "/etc/sysconfig/nftables.conf"]), // Debian and Arch, Fedora
        ("shorewall", []), ("shorewall6", []), ("SuSEfirewall2", []), ("ufw", []),
    ];

    /// <summary>Where scripts are run at boot or when an interface comes up: rc.local, interfaces(5), NetworkManager-dispatcher(8).</summary>
    private static readonly string[] Scripts = ["/etc/rc.local", "/etc/rc.d/rc.local", "/etc/network/interfaces"];

    private static readonly string[] Folders =
    [
        "/etc/network/interfaces.d", "/etc/network/if-pre-up.d", "/etc/network/if-up.d", "/etc/NetworkManager/dispatcher.d",
        "/etc/NetworkManager/dispatcher.d/pre-up.d", "/etc/networkd-dispatcher/routable.d", "/etc/networkd-dispatcher/configured.d",
    ];

    private readonly ISource _source;
    private readonly ManagedUnits _units;
    private readonly GapList _gaps;

    private RuleLoaders(ISource source, ManagedUnits units, GapList gaps)
    {
        _source = source;
        _units = units;
        _gaps = gaps;
    }

    /// <summary>All of them, by name.</summary>
    internal static ImmutableArray<RuleLoader> Read(ISource source, ManagedUnits units, GapList gaps)
    {
        RuleLoaders loaders = new(source, units, gaps);
        return [.. loaders.Programs().Concat(loaders.OwnUnits()).Concat(loaders.OwnScripts()).OrderBy(static one => one.Name, StringComparer.Ordinal)];
    }

    private IEnumerable<RuleLoader> Programs()
    {
        string[] names = [.. Known.Select(static one => one.Name + ".service")];
        HashSet<string>? resting = _units.Resting(names);
        foreach ((string name, string[] files) in Known)
        {
            if (_units.Describe(name + ".service") is UnitFacts unit)
            {
                yield return WithFiles(WithSwitch(Of(unit, resting) with { Name = name }), files);
            }
        }
    }

    private RuleLoader Of(UnitFacts unit, HashSet<string>? resting) => new()
    {
        Name = unit.Name,
        Unit = unit.Name,
        Enabled = unit.Enabled,
        Running = resting is null ? null : !resting.Contains(unit.Name),
        StartsAtBoot = unit.Enabled switch
        {
            null or "masked-runtime" => null,
            "generated" => true,
            "disabled" or "masked" or "linked" or "linked-runtime" or "enabled-runtime" => false,

            // Of an enabled unit nothing may be left but its alias; one that cannot be enabled may be named in another unit's file.
            string state => _units.IsPulledIn(unit.Name) ? true : state == "enabled" ? false : null,
        },
    };

    private RuleLoader WithSwitch(RuleLoader loader)
    {
        const string Path = "/etc/ufw/ufw.conf";
        return loader.Name == "ufw" && Text(Path) is string text ? loader with { File = Path, SwitchedOn = RuleFiles.IsUfwOn(text) } : loader;
    }

    private RuleLoader WithFiles(RuleLoader loader, string[] files)
    {
        List<(string Path, string Text)> found = [];
        bool isRefused = false;
        foreach (string path in files)
        {
            Answer answer = _source.File(path);
            isRefused |= !_gaps.Check(answer, $"{What}: {path}") && answer.Error is not (Native.Errno.ENOENT or Native.Errno.ENOTDIR);
            if (answer.Text is string text)
            {
                found.Add((path, text));
            }
        }

        if (files.Length == 0 || (isRefused && found.Count == 0))
        {
            return loader;
        }

        bool isNft = loader.Name == "nftables";
        return loader with
        {
            File = found.Count == 0 ? null : found[0].Path,
            FlushesAll = isNft && found.Count > 0 ? RuleFiles.FlushesRuleset(found[0].Text) : null,
            HasRules = found.Exists(one => isNft ? RuleFiles.HasNftRules(one.Text) : RuleFiles.HasSavedRules(one.Text)) ? true : isRefused ? null : false,
        };
    }

    /// <summary>Units of the owner's that call nft or iptables, or a script that is named for it.</summary>
    private IEnumerable<RuleLoader> OwnUnits()
    {
        string[] own = [.. _units.OwnServices.Where(name => Array.TrueForAll(Known, known => known.Name + ".service" != name) && IsLoader(name)).Take(MostScripts)];
        HashSet<string>? resting = own.Length == 0 ? null : _units.Resting(own);
        foreach (string name in own)
        {
            if (_units.Describe(name) is UnitFacts unit)
            {
                yield return Of(unit, resting) with { IsOwn = true, File = unit.Fragment };
            }
        }
    }

    private bool IsLoader(string unit) =>
        IsNamedForIt(unit) || _units.StartsWith(unit).Any(static command => RuleFiles.LoadsRules(command) || IsNamedForIt(command));

    private static bool IsNamedForIt(string text) =>
        text.Contains("firewall", StringComparison.OrdinalIgnoreCase) || text.Contains("iptables", StringComparison.OrdinalIgnoreCase) || text.Contains("nftables", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<RuleLoader> OwnScripts() =>
        Scripts.Concat(Folders.SelectMany(InFolder)).Where(path => Text(path, LongestScript) is string text && RuleFiles.LoadsRules(text))
            .Select(static path => new RuleLoader { Name = path, IsOwn = true, File = path, StartsAtBoot = true });

    private IEnumerable<string> InFolder(string path)
    {
        Answer answer = _source.Directory(path);
        return _gaps.Check(answer, $"{What}: {path}")
            ? DirectoryListing.Of(answer).Where(static entry => entry.Kind is not 'd').Take(MostScripts).Select(entry => $"{path}/{entry.Name}")
            : [];
    }

    private string? Text(string path, int limit = 1 << 20)
    {
        Answer answer = _source.File(path, limit);
        return _gaps.Check(answer, $"{What}: {path}") ? answer.Text : null;
    }
}
