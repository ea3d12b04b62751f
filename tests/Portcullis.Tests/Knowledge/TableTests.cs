using System;
using System.Linq;
using System.Text;
using Portcullis.Core.Knowledge;
using Portcullis.Core.Model;
using Xunit;

namespace Portcullis.Tests.Knowledge;

/// <summary>Malformed tables: each is refused with its place, and none makes a look-up throw.</summary>
public sealed class TableTests
{
    private const string Registered =
        "# a comment\n# ports\tprotocols\tnames\tdescription\n"
        + "7\ttcp,udp\techo\tEcho\n22\ttcp,udp\tssh\tThe Secure Shell\n22\tsctp\tssh\tSSH\n"
        + "80\ttcp\thttp,www\t\n4413\ttcp\tvision-mon\tFORTÉ\n6000-6063\ttcp\tx11\tX\n";

    private const string Known =
        "# columns\n"
        + "21\ttcp\tftp\tvsftpd, ProFTPD\tfiles\tyes\t990\tinternet\t\tmedium\tguessing\t\tvsftpd\tvsftpd.service\t\t\tCVE-1999-0001\tIANA CUR\n"
        + "53\tudp\tdns\t\tnames\tyes\t\tinternet\t28-54\tmedium\t\t\t\t\t\t\t\tIANA\n"
        + "6000-6063\ttcp\tx11\t\tscreens\tyes\t\tnone\t\tcritical\t\tssh -X\t\t\t\t\t\tIANA\n";

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("# only comments\n", 0, 0)]
    [InlineData("7\ttcp\techo\t\n", 0, 0)]
    [InlineData("7\ttcp\techo", 1, 11)]
    [InlineData("7\ttcp\techo\t", 1, 12)]
    [InlineData("# c\n\n", 2, 1)]
    [InlineData("x\ttcp\techo\t\n", 1, 1)]
    [InlineData("7\tTCP\techo\t\n", 1, 3)]
    [InlineData("7\ttcp,\techo\t\n", 1, 3)]
    [InlineData("7\ttcp,tcp\techo\t\n", 1, 3)]
    [InlineData("7\t\techo\t\n", 1, 3)]
    [InlineData("7\ttcp\t\t\n", 1, 7)]
    [InlineData("7\ttcp\ta,,b\t\n", 1, 7)]
    [InlineData("9\ttcp\ta\t\n7\ttcp\tb\t\n", 2, 1)]
    [InlineData("7\ttcp\ta\t\n7\tudp,tcp\tb\t\n", 2, 3)]
    [InlineData("7-9\ttcp\ta\t\n8\tudp\tb\t\n", 2, 1)]
    [InlineData("7\ttcp\ta\t\u001b[2J\n", 1, 9)]
    [InlineData("7\ttcp\ta\t\r\n", 1, 9)]
    [InlineData("7\ttcp\ta\t\n# late\n", 2, 7)]
    public void Registry_table_is_refused_with_line_and_column(string text, int line, int column) =>
        Assert.Equal((line, column), Place(Registry.Check(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("53\tudp", "53\ticmp", 3, 4)]
    [InlineData("\tyes\t990", "\tmaybe\t990", 2, 34)]
    [InlineData("\tnone\t", "\tnowhere\t", 4, 33)]
    [InlineData("\tcritical\t", "\tawful\t", 4, 39)]
    [InlineData("\tmedium\tguessing", "\t\tguessing", 2, 52)]
    [InlineData("\tdns\t", "\t\t", 3, 8)]
    [InlineData("\tscreens\t", "\t\t", 4, 20)]
    [InlineData("28-54\tmedium\t\t\t\t\t\t\t\tIANA", "28-54\tmedium\t\t\t\t\t\t\t\t", 3, 53)]
    [InlineData("53\tudp\tdns", "21\ttcp\tdns", 3, 1)]
    public void Table_of_ports_is_refused_with_line_and_column(string part, string instead, int line, int column)
    {
        Assert.Null(PortTable.Check(Encoding.UTF8.GetBytes(Known)));
        Assert.Contains(part, Known, StringComparison.Ordinal);
        string text = Known.Replace(part, instead, StringComparison.Ordinal);
        Assert.Equal((line, column), Place(PortTable.Check(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_with_their_place()
    {
        byte[] text = Encoding.UTF8.GetBytes("7\ttcp\techo\t?\n");
        text[11] = 0xff;
        Assert.Equal((1, 12), Place(Registry.Check(text)));
    }

    [Fact]
    public void Every_truncation_is_refused_unless_it_ends_with_a_line()
    {
        byte[] registered = Encoding.UTF8.GetBytes(Registered);
        byte[] known = Encoding.UTF8.GetBytes(Known);
        for (int length = 0; length <= registered.Length; length++)
            Assert.Equal(length == 0 || registered[length - 1] == '\n', Registry.Check(registered[..length]) is null);
        for (int length = 0; length <= known.Length; length++)
            Assert.Equal(length == 0 || known[length - 1] == '\n', PortTable.Check(known[..length]) is null);
    }

    [Fact]
    public void No_text_makes_a_check_or_a_look_up_throw()
    {
        const int Seed = 20261121;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        byte[][] models = [Encoding.UTF8.GetBytes(Registered), Encoding.UTF8.GetBytes(Known)];
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] text = round % 4 == 0 ? Noise(random) : Mutation(random, models[round % 2]);
            refused += Use(text) ? 0 : 1;
        }

        Assert.InRange(refused, 5_000, 19_999);
    }

    private static bool Use(byte[] text)
    {
        bool sound = Registry.Check(text) is null | PortTable.Check(text) is null;
        Table table = Table.OfText(text);
        var ports = new PortTable(table);
        for (int row = 0; row < table.Count; row++)
            ports.Read(row, null, null);
        foreach (int port in (ReadOnlySpan<int>)[0, 22, 53, 6001, 65535])
        {
            Registry.Lookup(table, port, Protocol.Tcp);
            ports.Find(port, "udp"u8);
        }

        Registry.FindByName(table, "ssh"u8);
        return sound;
    }

    private static byte[] Noise(Random random)
    {
        byte[] alphabet = "0123456789\t\t\t\n\n#-,tcpudp"u8.ToArray();
        byte[] text = new byte[random.Next(200)];
        random.NextBytes(text);
        return random.Next(2) == 0 ? text : [.. text.Select(b => alphabet[b % alphabet.Length])];
    }

    private static byte[] Mutation(Random random, byte[] model)
    {
        byte[] text = [.. model];
        for (int change = random.Next(1, 4); change > 0; change--)
            text[random.Next(text.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : text[random.Next(text.Length)];
        return text;
    }

    private static (int Line, int Column) Place(TableError? error) => error is null ? (0, 0) : (error.Line, error.Column);
}
