using System;
using System.Linq;
using System.Text;
using Portcullis.Cli.Files;
using Portcullis.Cli.Policies;
using Portcullis.Core.Policy;
using Portcullis.Tests.Analysis;
using Xunit;

namespace Portcullis.Tests.Policy;

public sealed class PolicyReaderTests
{
    private const string Whole =
        """
        # portcullis.yaml: what this machine is for. What it does not allow is a finding.
        zones:                       # names for sets of sources
          admin: [10.0.5.0/24, "fd00:5::/64"]
        roles: [web-server, ssh-admin]
        allow:
          - service: postgresql
            from: admin
            reason: nightly export
            owner: data-team
            expires: 2027-03-31
        targets:
          - address: 203.0.113.0/28
            owner: ops
        define:
          web-server:
            services:
              http:  { from: internet }
              https: { from: internet }
        """;

    [Fact]
    public void Policy_of_the_documentation_is_read_as_it_is_meant()
    {
        HostPolicy policy = Facts.Policy(Whole);

        Assert.Equal(["10.0.5.0/24", "fd00:5::/64"], policy.Zones.Single().Blocks.Select(block => block.ToString()));
        Assert.Equal(["web-server", "ssh-admin"], policy.Roles.Select(role => role.Name));
        Assert.Equal(["80/tcp", "443/tcp"], policy.Roles[0].Services.SelectMany(service => service.Ports).Select(port => port.ToString()));
        Allowance exception = policy.Allow.Single();
        Assert.Equal(("service postgresql", "nightly export", "data-team", new DateOnly(2027, 3, 31), 6), (exception.Name, exception.Reason, exception.Owner, exception.Expires, exception.Line));
        Assert.Equal("5432/tcp", exception.Ports.Single().ToString());
        Assert.Equal(["admin"], exception.From);
        Assert.Equal(("203.0.113.0/28", "ops"), (policy.Targets.Single().Block.ToString(), policy.Targets.Single().Owner));
    }

    [Theory]
    [InlineData("", "portcullis.yaml: is empty")]
    [InlineData("# only words\n", "portcullis.yaml: is empty")]
    [InlineData("roles: [web-servr]", "portcullis.yaml:1: roles: no role is named 'web-servr'; did you mean web-server?")]
    [InlineData("rolls: [web-server]", "portcullis.yaml:1: rolls: is not known; did you mean roles?")]
    [InlineData("roles:\n  - web-server\n  - web-server\n", "portcullis.yaml:3: roles: web-server stands here twice")]
    [InlineData("roles: [web-server]\nroles: [ssh-admin]", "portcullis.yaml:2: 'roles' stands here twice (first in line 1)")]
    [InlineData("roles: { web-server: yes }", "portcullis.yaml:1: roles: a list is wanted, not 'name: value' lines")]
    [InlineData("roles: [[web-server]]", "portcullis.yaml:1: roles: a list of plain values is wanted")]
    [InlineData("- web-server", "portcullis.yaml:1: the file: 'name: value' lines are wanted here")]
    [InlineData("just words", "portcullis.yaml:1: the file: 'name: value' lines are wanted here")]
    [InlineData("zones: { admin: [10.0.5.0/24] }", "portcullis.yaml:1: roles: is missing")]
    [InlineData("zones: { internet: [10.0.5.0/24] }\nroles: []", "portcullis.yaml:1: zones.internet: this zone is built in")]
    [InlineData("zones: { admin: [10.0.5.1/24] }\nroles: []", "portcullis.yaml:1: zones.admin: '10.0.5.1/24' has bits set beyond its length; write the block as 10.0.5.0/24")]
    [InlineData("zones: { admin: [10.0.5.0/33] }\nroles: []", "portcullis.yaml:1: zones.admin: '10.0.5.0/33' is the length behind the slash goes from 0 to 32")]
    [InlineData("zones: { admin: [office] }\nroles: []", "portcullis.yaml:1: zones.admin: 'office' is no address or block")]
    [InlineData("zones: { admin: [10.0.0.1, 10.0.0.1/32] }\nroles: []", "portcullis.yaml:1: zones.admin: 10.0.0.1/32 stands here twice")]
    [InlineData("zones: { admin: [] }\nroles: []", "portcullis.yaml:1: zones.admin: has no addresses")]
    [InlineData("roles: []\nallow:\n  - service: postgresql\n", "portcullis.yaml:3: allow: service postgresql has no reason")]
    [InlineData("roles: []\nallow:\n  - reason: x\n", "portcullis.yaml:3: allow: exactly one of service, port and key is wanted, and none is here")]
    [InlineData("roles: []\nallow:\n  - {service: ssh, port: 22/tcp, reason: x}\n", "portcullis.yaml:3: allow: exactly one of service, port and key is wanted, service and port are here")]
    [InlineData("roles: []\nallow:\n  - {port: 22, reason: x}\n", "portcullis.yaml:3: allow.port: '22' lacks its protocol; write 22/tcp or 22/udp")]
    [InlineData("roles: []\nallow:\n  - {port: 70000/tcp, reason: x}\n", "portcullis.yaml:3: allow.port: '70000/tcp' is no port")]
    [InlineData("roles: []\nallow:\n  - {port: 22/tcp, reason: x, from: admn}\n", "portcullis.yaml:3: allow.from: no zone is named 'admn'")]
    [InlineData("roles: []\nallow:\n  - {port: 22/tcp, reason: x, expires: tomorrow}\n", "portcullis.yaml:3: allow.expires: 'tomorrow' is no date; write it as 2027-03-31")]
    [InlineData("roles: []\nallow:\n  - {port: 22/tcp, reason: x, expires: 2027-02-30}\n", "portcullis.yaml:3: allow.expires: '2027-02-30' is no date")]
    [InlineData("roles: []\nallow:\n  - {port: 22/tcp, reason: }\n", "portcullis.yaml:3: allow.reason: is empty")]
    [InlineData("roles: []\nallow: { port: 22/tcp }", "portcullis.yaml:2: allow: a list is wanted (lines that begin with '- ')")]
    [InlineData("roles: []\nallow:\n  - {service: nosuchthing, reason: x}\n", "portcullis.yaml:3: allow.service: 'nosuchthing' is no service that is known here")]
    [InlineData("roles: [a]\ndefine:\n  a: { include: [b] }\n  b: { include: [a] }\n", "portcullis.yaml:3: define.a.include: goes in a circle (a includes b includes a)")]
    [InlineData("roles: [a]\ndefine:\n  a: { include: [a] }\n", "portcullis.yaml:3: define.a.include: goes in a circle (a includes a)")]
    [InlineData("roles: [a]\ndefine:\n  a: { include: [nosuch] }\n", "portcullis.yaml:3: define.a.include: no role is named 'nosuch'")]
    [InlineData("roles: [a]\ndefine:\n  a: { services: { ssh: {} } }\n", "portcullis.yaml:3: define.a.services.ssh.from: is missing")]
    [InlineData("roles: [a]\ndefine:\n  a: { services: { ssh: { from: nowhere } } }\n", "portcullis.yaml:3: define.a.services.ssh.from: no zone is named 'nowhere'")]
    [InlineData("roles: [a]\ndefine:\n  a: { services: { mine: { from: internet } } }\n", "portcullis.yaml:3: define.a.services.mine.ports: mine is no service that is known here")]
    [InlineData("roles: [a]\ndefine:\n  a: { services: { ssh: { from: internet, optional: maybe } } }\n", "portcullis.yaml:3: define.a.services.ssh.optional: 'maybe' is neither true nor false")]
    [InlineData("roles: [a]\ndefine:\n  a: {}\n", "portcullis.yaml:3: define.a.services: the role a allows nothing")]
    [InlineData("roles: &r [web-server]\n", "portcullis.yaml:1: anchors (&name) and aliases (*name) are refused")]
    [InlineData("roles: !!python/object [web-server]\n", "portcullis.yaml:1: tags (!name) are refused")]
    [InlineData("roles: []\n---\nroles: []\n", "portcullis.yaml:2: a second document begins here")]
    [InlineData("roles: [web-server\n", "portcullis.yaml:2: this is not YAML:")]
    [InlineData("roles:\n\t- web-server\n", "portcullis.yaml:1: this is not YAML:")]
    [InlineData("targets: [{ owner: me }]\nroles: []", "portcullis.yaml:1: targets: address is missing")]
    [InlineData("? [a, b]\n: c\n", "portcullis.yaml:1: a name is wanted here")]
    public void Slip_in_a_policy_is_told_in_one_line_with_its_place_and_the_mend(string yaml, string message)
    {
        InputException refused = Assert.Throws<InputException>(() => Facts.Policy(yaml));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Alias_bomb_is_refused_before_it_goes_off()
    {
        string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefghij".Select((letter, at) => $"{letter}: &{letter} [{string.Join(',', Enumerable.Repeat($"*{(char)(letter - 1)}", 9))}]\n"));

        Assert.Contains("anchors", Assert.Throws<InputException>(() => Facts.Policy(bomb)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Deep_nesting_is_refused_without_a_deep_stack(string part) =>
        Assert.Throws<InputException>(() => Facts.Policy(string.Concat(Enumerable.Repeat(part, 100_000))));

    [Theory]
    [InlineData("roles: []\nallow:\n", "  - {port: 1/tcp, reason: r}\n", 19_000, null)]
    [InlineData("roles: []\nallow:\n", "  - {port: 1/tcp, reason: r}\n", 36_000, "portcullis.yaml:20002: more entries than any policy has")]
    [InlineData("roles: []\n", "#", 1_000_000, null)]
    [InlineData("roles: [web-server", ",r", 150_000, "portcullis.yaml:1: ")]
    [InlineData("roles: ", "x", 1_000_000, "portcullis.yaml:1: roles: ")]
    [InlineData("k: v\n", "k: v\n", 200_000, "portcullis.yaml:2: 'k' stands here twice")]
    public void Megabyte_of_YAML_is_read_or_refused_in_one_line_and_in_little_memory(string head, string part, int times, string? refusal)
    {
        string yaml = head + string.Concat(Enumerable.Repeat(part, times)) + (head.EndsWith("web-server", StringComparison.Ordinal) ? "]" : "");
        Facts.Policy("roles: []"); // what is made once is not its

        // Bytes and not seconds: those depend on what else the machine does.
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? told = Record.Exception(() => Facts.Policy(yaml)) is Exception refused ? Assert.IsType<InputException>(refused).Message : null;
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(refusal is null ? told is null : told?.StartsWith(refusal, StringComparison.Ordinal) == true && told.Length < 1_000 && !told.Contains('\n', StringComparison.Ordinal), told?[..Math.Min(200, told.Length)]);
        Assert.InRange(taken, 0, 400L * yaml.Length);
    }

    [Fact]
    public void No_bytes_break_the_reader()
    {
        Random random = new(20261121);
        byte[] valid = Encoding.UTF8.GetBytes(Whole);
        for (int round = 0; round < 1500; round++)
        {
            byte[] bytes = valid[..random.Next(valid.Length + 1)];
            for (int change = random.Next(6); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "{}[]:,-#&*!|>'\"%@`\n \t"[random.Next(21)]);
            }

            try
            {
                PolicyReader.Read(bytes, "p", Catalogue.All);
            }
            catch (InputException refused)
            {
                Assert.StartsWith("p:", refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', refused.Message);
            }
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told_with_their_line() =>
        Assert.StartsWith("p:2: this is not UTF-8", Assert.Throws<InputException>(() => PolicyReader.Read([(byte)'a', (byte)'\n', 0xff], "p", Catalogue.All)).Message, StringComparison.Ordinal);
}
