using System.Collections.Generic;
using System.Linq;
using Portcullis.Core.Analysis;
using Portcullis.Core.Model;
using Xunit;
using static Portcullis.Tests.Analysis.Facts;

namespace Portcullis.Tests.Analysis;

public sealed class NamespaceNamesTests
{
    [Fact]
    public void Namespace_is_named_after_mount_then_container_then_unit_then_program()
    {
        NetworkNamespace[] namespaces =
        [
            Network(1, "host"), Network(2, "dark"), Network(3, ""), Network(4, "") with { Pid = 40 }, Network(5, "") with { Pid = 50 }, Network(6, ""),
        ];
        Dictionary<int, ProcessFacts> processes = new() { [40] = Process(40, "/usr/sbin/x"), [50] = Process(50, "/opt/tool") };

        IEnumerable<string> names = NamespaceNames.Assign(
            [.. namespaces], processes, process => process.Pid == 40 ? "private.service" : null,
            [new ContainerFacts { Engine = "docker", Id = "abc", Name = "web", Namespace = 3 }])
            .OrderBy(one => one.Inode).Select(one => one.Name);

        Assert.Equal(["host", "dark", "web", "private.service", "tool", "netns-6"], names);
    }

    [Fact]
    public void Equal_names_are_told_apart_and_own_names_are_kept()
    {
        NetworkNamespace[] namespaces = [Network(1, "host"), Network(2, "") with { Pid = 2 }, Network(3, "") with { Pid = 2 }, Network(4, "tool")];

        IEnumerable<string> names = NamespaceNames.Assign([.. namespaces], new Dictionary<int, ProcessFacts> { [2] = Process(2, "/opt/tool") }, _ => null, [])
            .OrderBy(one => one.Inode).Select(one => one.Name);

        Assert.Equal(["host", "tool#2", "tool#3", "tool"], names);
    }
}
