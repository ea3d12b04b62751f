using System;
using System.Collections.Generic;

namespace Portcullis.Core.Text.Systemd;

/// <summary>The vendor's and administrator's wish for units, systemd.preset(5): rules, the first that matches counts.</summary>
public sealed class Presets
{
    private readonly List<(string Verb, string Pattern, string[] Instances)> _rules = [];

    /// <summary>Appends the rules of one file. Call in the order of the files' names; unknown lines are passed over, as systemd does.</summary>
    public void Add(string text)
    {
        foreach (Range range in text.AsSpan().Split('\n'))
        {
            string line = text[range].Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[0] is "enable" or "disable" or "ignore")
            {
                _rules.Add((words[0], words[1], words[0] == "enable" ? words[2..] : []));
            }
        }
    }

    /// <summary>What the rules say of a unit: "enabled", "disabled" or "ignored". Without any rule that is "enabled".</summary>
    /// <param name="name">A valid unit name; an instance is looked for in the instances that a rule lists.</param>
    public string Of(string name)
    {
        foreach ((string verb, string pattern, string[] instances) in _rules)
        {
            bool listed = instances.Length > 0 && UnitName.Template(name) == pattern && Array.IndexOf(instances, UnitName.Instance(name)) >= 0;
            if (listed || Glob.IsMatch(pattern, name))
            {
                return verb switch { "enable" => "enabled", "disable" => "disabled", _ => "ignored" };
            }
        }

        return "enabled";
    }
}
