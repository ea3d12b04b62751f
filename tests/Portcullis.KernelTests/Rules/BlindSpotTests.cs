using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Portcullis.Core.Model;
using Portcullis.KernelTests.Lab;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Sockets;
using Portcullis.Os.Linux.Source;
using Xunit;
using Network = Portcullis.KernelTests.Lab.NetworkNamespace;

namespace Portcullis.KernelTests.Rules;

/// <summary>What decides about packets beside the rules: nothing is sure of what passes it.</summary>
public sealed class BlindSpotTests
{
    private const string Rules = "table inet f {\n chain i {\n type filter hook input priority 0; policy drop;\n tcp dport 22 accept\n }\n}\n";

    [Theory]
    [InlineData("qdisc add dev d0 clsact", null)]
    [InlineData("qdisc add dev d0 ingress", null)]
    [InlineData("qdisc add dev d0 clsact", "filter add dev d0 ingress protocol ip u32 match ip dport 23 0xffff classid 1:1")]
    [InlineData("qdisc add dev d0 ingress", "filter add dev d0 parent ffff: protocol ip u32 match ip dport 23 0xffff classid 1:1")]
    [InlineData("qdisc add dev d0 clsact", "filter add dev d0 egress protocol ip u32 match ip dport 23 0xffff classid 1:1")]
    public async Task Filters_of_traffic_control_make_answers_conditional_and_a_discipline_alone_does_not(string discipline, string? filter)
    {
        using Network network = await Pair();
        (await network.Run("tc", discipline.Split(' '))).MustSucceed();
        if (filter is not null)
        {
            (await network.Run("tc", filter.Split(' '))).MustSucceed();
        }

        bool isSeen = filter?.Contains("egress", System.StringComparison.Ordinal) == false;
        string answer = await Reach(network);
        Assert.Equal(isSeen, answer.Contains("traffic control on d0", System.StringComparison.Ordinal));
        Assert.Equal(isSeen, answer.Contains("conditional", System.StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_of_XDP_is_seen_while_it_is_attached()
    {
        using Network network = await Pair();
        Assert.False(network.Do(() => Interface("d0").HasXdp));
        int link = network.Do(() => Attach(Interface("d0").Index));
        try
        {
            Assert.True(network.Do(() => Interface("d0").HasXdp));
            Assert.False(network.Do(() => Interface("d1").HasXdp));
            Assert.Contains("the XDP program of d0", await Reach(network), System.StringComparison.Ordinal);
        }
        finally
        {
            _ = Libc.close(link);
        }

        Assert.False(network.Do(() => Interface("d0").HasXdp));
    }

    [Theory]
    [InlineData("forward", true)]
    [InlineData(null, false)]
    public async Task Rules_for_bridged_packets_count_where_a_bridge_is_the_way_in(string? hook, bool expected)
    {
        using Network network = await Network.Create();
        await Set(network, "link add br0 type bridge", "addr add 10.9.0.1/24 dev br0", "link set br0 up");
        string chain = hook is null ? "chain c {\n accept\n }" : $"chain c {{\n type filter hook {hook} priority 0;\n accept\n }}";
        await network.Load($"{Rules}table bridge b {{\n {chain}\n}}\n");

        Assert.Equal(expected, (await Answer(network)).Contains("table bridge b", System.StringComparison.Ordinal));
    }

    private static async Task<Network> Pair()
    {
        Network network = await Network.Create();
        await Set(network, "link add d0 type veth peer name d1", "addr add 10.9.0.1/24 dev d0", "link set d0 up", "link set d1 up");
        return network;
    }

    private static async Task Set(Network network, params string[] lines)
    {
        foreach (string line in lines)
        {
            (await network.Run("ip", line.Split(' '))).MustSucceed();
        }
    }

    private static async Task<string> Reach(Network network)
    {
        await network.Load(Rules);
        return await Answer(network);
    }

    private static async Task<string> Answer(Network network)
    {
        CommandResult result = await network.Portcullis("reach", "22/tcp", "--from", "192.0.2.1", "--json");
        Assert.Equal(0, result.ExitCode);
        return result.Output;
    }

    private static NetworkInterface Interface(string name)
    {
        List<Gap> gaps = [];
        NetworkInterface? found = null;
        Assert.Equal(0, new LiveNetworkSource().Visit(new NamespaceHandle(1, null), door => found = InterfaceTable.Read(door, gaps).First(one => one.Name == name)));
        Assert.Empty(gaps);
        return found!;
    }

    /// <summary>Attaches a program that lets everything pass, for as long as the descriptor it gives is open.</summary>
    private static unsafe int Attach(int index)
    {
        ulong* code = stackalloc ulong[] { 0x0000_0002_0000_00b7, 0x95 }; // r0 = XDP_PASS; exit
        byte* license = stackalloc byte[] { (byte)'G', (byte)'P', (byte)'L', 0 };
        Libc.BpfProgramLoad load = new() { Type = 6, InstructionCount = 2, Instructions = (ulong)code, License = (ulong)license }; // BPF_PROG_TYPE_XDP
        int program = (int)Libc.bpf(Libc.SYS_bpf, Libc.BPF_PROG_LOAD, &load, (nuint)sizeof(Libc.BpfProgramLoad));
        Assert.True(program >= 0, Errno.Text(Errno.Last));
        Libc.BpfLinkCreate create = new() { Descriptor = (uint)program, Target = (uint)index, AttachType = 37 }; // BPF_XDP
        int link = (int)Libc.bpf(Libc.SYS_bpf, Libc.BPF_LINK_CREATE, &create, (nuint)sizeof(Libc.BpfLinkCreate));
        Assert.True(link >= 0, Errno.Text(Errno.Last));
        _ = Libc.close(program);
        return link;
    }
}
