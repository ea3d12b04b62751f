using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Portcullis.Core.Knowledge;
using Xunit;

namespace Portcullis.Tests.Knowledge;

/// <summary>The table of programs as it is shipped: what a wrong edit of data/services.tsv would break.</summary>
public sealed partial class ProgramDataTests
{
    private static readonly string _shipped = DataFolder.Text(ProgramKnowledge.Resource);

    [Fact]
    public void Shipped_table_is_sound() => Assert.Equal("", string.Join("\n", Faults(_shipped)));

    [Fact]
    public void Shipped_table_knows_the_programs_that_matter()
    {
        Assert.InRange(Rows(_shipped).Count(), 150, 500);
        Assert.Equal(ServiceKind.DataStore, ProgramKnowledge.KindOf("redis"));
        Assert.Equal(ServiceKind.Management, ProgramKnowledge.KindOf("docker"));
        Assert.Equal(ServiceKind.Login, ProgramKnowledge.KindOf("telnet"));
        Assert.Equal(ServiceKind.Other, ProgramKnowledge.KindOf("https"));
        Assert.Equal("memcache", ProgramKnowledge.AccountOf("memcached"));
        Assert.Null(ProgramKnowledge.AccountOf("sshd"));
    }

    [Theory]
    [InlineData(null, "valkey-server", "redis")]
    [InlineData(null, "mariadbd", "mysql")]
    [InlineData("elasticsearch.service", "java", "elasticsearch")]
    [InlineData("opensearch.service", "java", "elasticsearch")]
    [InlineData("kafka.service", "java", "kafka")]
    [InlineData("zookeeper.service", "java", "zookeeper")]
    [InlineData("custom.service", "java", null)]
    [InlineData(null, "minidlnad", "ssdp")]
    public void Program_or_the_unit_of_a_machine_for_many_tells_the_service(string? unit, string program, string? service) =>
        Assert.Equal(service, ProgramKnowledge.ServicesOf(unit, null, program).FirstOrDefault()?.Name);

    [Theory]
    [InlineData("zz-nosuch\tother\t\t\t\tCUR", "zz-nosuch is not in ports.tsv")]
    [InlineData("ssh\tmisc\tzz\t\t\tCUR", "misc is no kind")]
    [InlineData("ssh\tother\tsshd\t\t\tCUR", "sshd gives ssh twice")]
    [InlineData("ssh\tlogin\tzz\t\t\tCUR", "ssh has two kinds")]
    [InlineData("ssh\tother\tzz\t\t\t", "ssh has no source")]
    [InlineData("ssh\tother\tzz\t\t\tNOSUCH", "NOSUCH is not explained")]
    [InlineData("ssh\tother\t/usr/sbin/zz\t\t\tCUR", "/usr/sbin/zz is no file name")]
    [InlineData("ssh\tother\tjava\t\t\tCUR", "java runs many things")]
    [InlineData("ssh\tother\tzz\tzz\t\tCUR", "zz is no unit")]
    [InlineData("ssh\tother\tzz\t\troot\tCUR", "root is no account of its own")]
    [InlineData("ssh\tother\tzz\t\tA b\tCUR", "A b is no account of its own")]
    [InlineData("ssh\tother\tzz\t\tCUR", "5 fields instead of 6")]
    [InlineData("redis\tdatastore\tredis-server\t\troot2\tCUR", "redis-server has two accounts")]
    public void Wrong_row_is_told(string row, string fault) =>
        Assert.Contains(Faults(_shipped + row + "\n"), one => one.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void Rows_out_of_order_are_told()
    {
        string first = Rows(_shipped).First();
        Assert.Contains(Faults(_shipped + first + "\n"), one => one.Contains("is out of order", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Rows(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'));

    private static List<string> Faults(string table)
    {
        HashSet<string> known = [.. PortKnowledge.All().Select(facts => facts.Name)];
        string page = DataFolder.Text("SOURCES.md");
        List<string> faults = [];
        Dictionary<string, string> kinds = [], accounts = [];
        HashSet<(string, string)> given = [];
        string before = "";
        foreach (string row in Rows(table))
        {
            string[] fields = row.Split('\t');
            if (fields.Length != 6)
            {
                faults.Add($"{fields[0]}: {fields.Length} fields instead of 6");
                continue;
            }

            (string service, string kind, string[] programs, string[] units, string account, string sources) =
                (fields[0], fields[1], Items(fields[2]), Items(fields[3]), fields[4], fields[5]);
            faults.AddRange(If(!known.Contains(service), $"{service} is not in ports.tsv"));
            faults.AddRange(If(kind is not ("datastore" or "management" or "login" or "other"), $"{kind} is no kind"));
            faults.AddRange(If(kinds.TryGetValue(service, out string? other) && other != kind, $"{service} has two kinds"));
            faults.AddRange(If(string.Compare(before, service, StringComparison.OrdinalIgnoreCase) > 0, $"{service} is out of order"));
            faults.AddRange(If(sources.Length == 0, $"{service} has no source"));
            faults.AddRange(sources.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(code => !page.Contains($"| `{code}` |", StringComparison.Ordinal)).Select(code => $"{code} is not explained"));
            faults.AddRange(units.Where(unit => !unit.EndsWith(".service", StringComparison.Ordinal)).Select(unit => $"{unit} is no unit"));
            faults.AddRange(If(account.Length > 0 && (account == "root" || !AccountName().IsMatch(account)), $"{account} is no account of its own"));
            faults.AddRange(programs.Where(program => !FileName().IsMatch(program)).Select(program => $"{program} is no file name"));
            faults.AddRange(programs.Where(program => program is "java" or "python3" or "perl" or "node" or "beam.smp" or "master").Select(program => $"{program} runs many things"));
            faults.AddRange(programs.Where(program => !given.Add((service, program))).Select(program => $"{program} gives {service} twice"));
            faults.AddRange(programs.Where(program => accounts.TryGetValue(program, out string? own) && own != account).Select(program => $"{program} has two accounts"));
            foreach (string program in programs)
            {
                accounts[program] = account;
            }

            kinds[service] = kind;
            before = service;
        }

        return faults;
    }

    private static string[] If(bool isWrong, string fault) => isWrong ? [fault] : [];

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^[a-z_A-Z][a-z0-9_A-Z-]*$", RegexOptions.None, 1000)]
    private static partial Regex AccountName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.+-]*$", RegexOptions.None, 1000)]
    private static partial Regex FileName();
}
