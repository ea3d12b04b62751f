using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Portcullis.KernelTests.Lab;
using Xunit;

namespace Portcullis.KernelTests.Boxes;

/// <summary>systemd's IPAddressDeny= on a real server: where it keeps a client out, nobody says that everybody gets in.</summary>
public sealed class DeniedAddressesTests
{
    private const string Units = """
        cat >/run/systemd/system/act.socket <<END
        [Socket]
        ListenStream=8083
        Accept=yes
        IPAddressDeny=any
        END
        printf '[Service]\nExecStart=/bin/cat\nStandardInput=socket\n' >'/run/systemd/system/act@.service'
        systemctl daemon-reload
        systemctl start act.socket
        systemd-run --quiet --unit=shut -p IPAddressDeny=any python3 -m http.server 8081
        systemd-run --quiet --unit=open python3 -m http.server 8082
        for i in $(seq 50); do [ $(ss -ltn | grep -c ':808[123] ') = 3 ] && break; sleep 0.1; done
        """;

    [Theory]
    [InlineData(Suite.Bookworm)]
    [InlineData(Suite.Trixie)]
    public async Task Service_and_activated_socket_that_deny_addresses_are_unsure_and_their_neighbour_is_not(Suite suite)
    {
        await using Box box = await Box.Boot(suite);
        (await box.Run("bash", "-ec", Units)).MustSucceed();
        CommandResult said = await box.Run(Box.Portcullis, "audit", "--json", "--fail-on", "none");
        JsonElement audit = JsonDocument.Parse(said.Output).RootElement;

        foreach ((int port, string? unit) in ((int, string?)[])[(8081, "shut.service"), (8082, null), (8083, "act.socket")])
        {
            string expected = unit is null ? "reachable " : $"conditional the BPF program sd_fw_ingress of the control group {unit} (bpftool cgroup show /sys/fs/cgroup/system.slice/{unit})";
            Assert.Equal(expected, Link(audit, port));
            Assert.Equal(unit is null, (await box.FromClient("timeout", "1", "bash", "-c", string.Create(CultureInfo.InvariantCulture, $"echo >/dev/tcp/{Box.Address4}/{port}"))).ExitCode == 0);
        }

        Assert.Empty(audit.GetProperty("gaps").EnumerateArray());
        Assert.Contains(audit.GetProperty("firewall").GetProperty("programs").EnumerateArray(), one => one.GetProperty("place").GetString() == "/sys/fs/cgroup/system.slice/act.socket");
    }

    private static string Link(JsonElement audit, int port)
    {
        JsonElement listener = audit.GetProperty("listeners").EnumerateArray().Single(one => one.GetProperty("namespace").GetString() == "host" && one.GetProperty("port").GetInt32() == port);
        JsonElement exposure = listener.GetProperty("exposure").EnumerateArray().Single(one => one.GetProperty("zone").GetString() == "link");
        return $"{exposure.GetProperty("verdict").GetString()} {string.Join("; ", exposure.GetProperty("dependsOn").EnumerateArray().Select(one => one.GetString()))}";
    }
}
