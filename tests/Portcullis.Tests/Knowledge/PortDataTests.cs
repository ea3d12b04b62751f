using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.RegularExpressions;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Knowledge;

/// <summary>The table of ports as it is shipped: what a wrong edit of data/ports.tsv would break.</summary>
public sealed partial class PortDataTests
{
    private static readonly ImmutableArray<PortFacts> _all = PortKnowledge.All();

    [Fact]
    public void Compiled_table_is_the_one_in_the_data_folder_and_sound()
    {
        byte[] text = DataFolder.Bytes(PortTable.Resource);
        Assert.Null(PortTable.Check(text));
        Assert.Equal(Table.OfText(text).Count, _all.Length);
        Assert.InRange(_all.Length, 300, 600);
    }

    [Fact]
    public void Header_names_the_columns_in_the_order_the_code_reads_them()
    {
        string header = DataFolder.Text(PortTable.Resource).Split('\n').Last(line => line.StartsWith('#'));
        Assert.Equal(Enum.GetNames<PortColumn>(), header[2..].Split('\t'), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_source_is_explained_and_every_explained_maker_is_used()
    {
        string page = DataFolder.Text("SOURCES.md");
        HashSet<string> used = [.. _all.SelectMany(f => f.Sources).Select(SourceName)];
        None(used.Where(code => !page.Contains($"| `{code}` |", StringComparison.Ordinal)));
        None(MakerCode().Matches(page).Select(m => m.Groups["code"].Value).Where(code => !used.Contains(code)));
        Assert.DoesNotContain("| `NOSUCH` |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Registry_as_a_source_means_that_the_registry_knows_the_port() =>
        None(_all.Where(f => f.Sources.Contains("IANA") && f.Registered is null).Select(Title));

    [Fact]
    public void Judgement_alone_is_no_source() =>
        None(_all.Where(f => f.Sources.All(s => s == "CUR")).Select(Title));

    [Fact]
    public void Packages_and_units_come_together_with_Debian_as_their_source() =>
        None(_all.Where(f => (f.Units.Length > 0 && f.Packages.Length == 0)
            || (f.Packages.Length > 0 && !f.Sources.Contains("DEB"))).Select(Title));

    [Fact]
    public void Names_in_lists_have_the_form_that_their_users_need()
    {
        None(_all.SelectMany(f => f.Units).Where(u => !UnitName().IsMatch(u)));
        None(_all.SelectMany(f => f.Packages).Where(p => !PackageName().IsMatch(p)));
        None(_all.SelectMany(f => f.Exploited).Where(c => !CveNumber().IsMatch(c)));
        None(_all.Select(f => f.Name).Where(n => !ServiceName().IsMatch(n)));
        None(_all.SelectMany(f => f.UsedBy).Where(u => u.Trim() != u || u.Length == 0));
        Assert.DoesNotMatch(UnitName(), "ssh.service;reboot");
        Assert.DoesNotMatch(UnitName(), "ssh");
    }

    [Fact]
    public void Amplification_is_told_of_UDP_only_and_begins_with_a_figure()
    {
        PortFacts[] amplifying = [.. _all.Where(f => f.Amplification is not null)];
        Assert.InRange(amplifying.Length, 30, 100);
        None(amplifying.Where(f => f.Protocol != Protocol.Udp || !char.IsAsciiDigit(f.Amplification![0])).Select(Title));
    }

    [Fact]
    public void What_should_not_be_in_clear_text_says_where_it_is_encrypted_or_what_to_do() =>
        None(_all.Where(f => f.ClearText == ClearText.Yes && f.Risk >= RiskLevel.High && f.Encrypted is null && f.Instead is null).Select(Title));

    [Fact]
    public void What_should_be_off_says_what_to_do_instead() =>
        None(_all.Where(f => f.Exposure == AdvisedExposure.None && f.Instead is null && f.Encrypted is null).Select(Title));

    [Fact]
    public void What_endangers_the_host_is_meant_for_no_stranger() =>
        None(_all.Where(f => f.Risk == RiskLevel.Critical && f.Exposure == AdvisedExposure.Internet).Select(Title));

    // Tells which ones are wrong, all of them at once.
    private static void None(IEnumerable<string> wrong) => Assert.Equal("", string.Join("; ", wrong));

    private static string Title(PortFacts facts) => $"{facts.Ports}/{facts.Protocol} {facts.Name}";

    private static string SourceName(string code) => code.StartsWith("VEN:", StringComparison.Ordinal) ? code : code.Split(':')[0];

    [GeneratedRegex(@"^[a-zA-Z0-9_.-]+@?[a-zA-Z0-9_.-]*\.(?:service|socket)$", RegexOptions.None, 1000)]
    private static partial Regex UnitName();

    [GeneratedRegex("^[a-z0-9][a-z0-9+.-]+$", RegexOptions.None, 1000)]
    private static partial Regex PackageName();

    [GeneratedRegex("^CVE-[0-9]{4}-[0-9]{4,}$", RegexOptions.None, 1000)]
    private static partial Regex CveNumber();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9-]*$", RegexOptions.None, 1000)]
    private static partial Regex ServiceName();

    [GeneratedRegex(@"^\| `(?<code>VEN:[a-z0-9]+)` \|", RegexOptions.Multiline, 1000)]
    private static partial Regex MakerCode();
}
