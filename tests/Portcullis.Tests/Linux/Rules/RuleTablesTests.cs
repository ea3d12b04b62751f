using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Portcullis.Core.Model;
using Portcullis.Core.Wire.Nft;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Rules;
using Portcullis.Os.Linux.Source;
using Portcullis.Tests.Wire.Nft;
using Xunit;

namespace Portcullis.Tests.Linux.Rules;

public sealed class RuleTablesTests
{
    private static readonly byte[] Table = NftBuilder.Table(2, "t");
    private static readonly byte[] Set = NftBuilder.Set(2, "t", "s", 0, 4);

    [Fact]
    public void Namespace_without_rules_costs_one_question()
    {
        Door door = new() { Tables = Answer.Of(default) };

        RulesAnswer rules = RuleTables.Read(door);

        Assert.True(rules.Dump!.Messages.IsEmpty);
        Assert.Single(door.Asked);
    }

    [Fact]
    public void Everything_is_kept_and_each_set_is_asked_for_its_elements()
    {
        Door door = new();

        RulesAnswer rules = RuleTables.Read(door);

        Assert.Equal([.. Table, .. Set, .. Door.Elements], rules.Dump!.Messages.ToArray());
        Assert.Equal(1, door.Asked.Count(request => request.AsSpan().SequenceEqual(NftRequest.Elements(Set.AsSpan(16)))));
    }

    [Theory]
    [InlineData(Errno.EPROTONOSUPPORT, true)]
    [InlineData(Errno.EINVAL, true)]
    [InlineData(Errno.EPERM, false)]
    [InlineData(Errno.EAGAIN, false)]
    public void Kernel_without_nf_tables_has_no_rules_and_one_that_refuses_is_not_taken_for_it(int error, bool isEmpty)
    {
        RulesAnswer rules = RuleTables.Read(new Door { Tables = Answer.Refused(error) });

        Assert.Equal(isEmpty, rules.Dump is not null);
        Assert.Equal(isEmpty ? 0 : error, rules.Error);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public void Rules_that_change_meanwhile_are_read_again(int changes, int rounds)
    {
        Door door = new() { Changes = changes };

        Assert.NotNull(RuleTables.Read(door).Dump);
        Assert.Equal(rounds, door.Asked.Count(request => request.AsSpan().SequenceEqual(NftRequest.Rules())));
    }

    [Fact]
    public void Rules_that_never_rest_are_a_gap() => Assert.Equal("they change faster than they can be read", RuleTables.Read(new Door { Changes = int.MaxValue }).Why);

    [Theory]
    [InlineData(1, true)]
    [InlineData(int.MaxValue, false)]
    public void Interrupted_dump_is_never_kept(int interruptions, bool isRead) =>
        Assert.Equal(isRead, RuleTables.Read(new Door { Interruptions = interruptions }).Dump is not null);

    [Fact]
    public void Tables_of_the_older_iptables_are_named()
    {
        RulesAnswer rules = RuleTables.Read(new Door { Legacy = { ["ip_tables_names"] = "nat\nfilter\n", ["ip6_tables_names"] = "filter\n" } });

        Assert.Equal(["ip nat", "ip filter", "ip6 filter"], rules.Dump!.LegacyTables);
        Assert.Empty(RuleTables.Read(new Door()).Dump!.LegacyTables);
    }

    [Fact]
    public void Tables_of_the_older_iptables_are_read_and_only_those_that_are_there()
    {
        Door door = new() { Legacy = { ["ip_tables_names"] = "filter\n", ["ip6_tables_names"] = "nat\n" } };

        RulesAnswer rules = RuleTables.Read(door);

        Assert.Equal(0, rules.LegacyError);
        Assert.Equal([("ip filter", 48), ("ip6 nat", 48)], rules.Dump!.Legacy.Select(table => (table.Name, table.Entries.Length)));
        Assert.Equal(["0 filter", "41 nat"], door.Options.Distinct());
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(0, 1, true)]
    [InlineData(int.MaxValue, 0, false)]
    [InlineData(0, int.MaxValue, false)]
    public void Table_that_changes_meanwhile_is_read_again_but_not_for_ever(int races, int replacements, bool isRead)
    {
        RulesAnswer rules = RuleTables.Read(new Door { Legacy = { ["ip_tables_names"] = "filter\n" }, Races = races, Replacements = replacements });

        Assert.Equal(isRead ? 1 : 0, rules.Dump!.Legacy.Length);
        Assert.Equal(["ip filter"], rules.Dump.LegacyTables);
        Assert.Equal(isRead ? [] : [new Gap("firewall rules of the older iptables", "they change faster than they can be read", null)], RuleGaps.Of([("host", rules)], isRoot: true));
    }

    [Theory]
    [InlineData(Errno.EPERM, 8u)]
    [InlineData(0, 0xffffffffu)]
    public void Table_that_is_refused_or_absurd_is_a_gap(int error, uint size)
    {
        RulesAnswer rules = RuleTables.Read(new Door { Legacy = { ["ip_tables_names"] = "filter\n" }, Refusal = error, Size = size });

        Assert.Empty(rules.Dump!.Legacy);
        Assert.NotEqual(0, rules.LegacyError);
    }

    [Fact]
    public void One_gap_is_told_for_each_reason_however_many_namespaces_it_struck()
    {
        RulesAnswer refused = new(null, Errno.EPERM, null, 0);
        RulesAnswer restless = new(null, 0, "they change faster than they can be read", 0);

        Gap[] gaps = [.. RuleGaps.Of([("host", refused), ("dark", restless), ("", restless), ("", null)], isRoot: false)];

        Assert.Equal(
            [new Gap("firewall rules", "not root", "run with sudo"), new Gap("firewall rules of dark and 1 other network namespace", "they change faster than they can be read", null)], gaps);
        Assert.Empty(RuleGaps.Of([("host", RuleTables.Read(new Door()))], isRoot: false));
    }

    [Fact]
    public void Requests_are_the_same_every_time() => Assert.Equal(NftRequest.Elements(Set.AsSpan(16)), NftRequest.Elements(Set.AsSpan(16)));

    [Fact]
    public void Elements_of_a_set_without_a_name_are_not_asked_for()
    {
        Assert.Null(NftRequest.Elements([2, 0, 0, 0, .. NftBuilder.Text(1, "t")]));
        Assert.Null(NftRequest.Elements([]));
        Assert.Null(NftRequest.GenerationIn([1, 2, 3]));
    }

    private sealed class Door : INetworkDoor
    {
        internal static readonly byte[] Elements = NftBuilder.Elements(2, "t", "s", NftBuilder.Element([1, 2, 3, 4]));
        private uint _generation = 5;
        private int _hooks;

        internal List<byte[]> Asked { get; } = [];

        internal Answer Tables { get; init; } = Answer.Of(Table);

        internal Dictionary<string, string> Legacy { get; } = [];

        internal List<string> Options { get; } = [];

        internal uint Size { get; init; } = 8;

        internal int Refusal { get; init; }

        internal int Races { get; set; }

        internal int Replacements { get; set; }

        internal int Changes { get; set; }

        internal int Interruptions { get; set; }

        public Answer Ask(int protocol, byte[] request)
        {
            Assert.Equal(LibcSockets.NETLINK_NETFILTER, protocol);
            Asked.Add(request);
            return (request[4] & 0xff) switch
            {
                1 => Tables,
                4 => Answer.Of(default),
                7 => Rules(),
                10 => Answer.Of(Set),
                13 => Answer.Of(Elements),
                16 => Answer.Of(NftBuilder.Message(15, 0, NftBuilder.Number(1, _generation))),
                _ => Answer.Refused(Errno.EINVAL),
            };
        }

        public Answer Programs(uint attachment, int index) => Answer.Refused(Errno.EINVAL);

        public Answer ProcNet(string name) => Legacy.TryGetValue(name, out string? names) ? Answer.Of(Encoding.ASCII.GetBytes(names)) : Answer.Refused(Errno.ENOENT);

        public Answer Option(int level, int option, byte[] question, int length)
        {
            Options.Add($"{level} {Encoding.ASCII.GetString(question, 0, 32).TrimEnd('\0')}");
            byte[] answer = [.. question, .. new byte[length - question.Length]];
            if (option == 64)
            {
                BitConverter.TryWriteBytes(answer.AsSpan(36), _hooks);
                BitConverter.TryWriteBytes(answer.AsSpan(80), Size);
                return Refusal == 0 ? Answer.Of(answer) : Answer.Refused(Refusal);
            }

            if (Replacements-- > 0)
            {
                _hooks++; // the next answer tells of other hooks
            }

            return Races-- > 0 ? Answer.Refused(Errno.EAGAIN) : Answer.Of(answer);
        }

        public Answer WireGuardPort(int index) => Answer.Refused(Errno.ENOENT);

        private Answer Rules()
        {
            _generation += Changes-- > 0 ? 1u : 0;
            byte[] rows = [];
            if (Interruptions-- > 0)
            {
                rows = NftBuilder.Rule(2, "t", "c");
                rows[6] = 0x10; // NLM_F_DUMP_INTR
            }

            return Answer.Of(rows);
        }
    }
}
