using System;
using System.Collections.Generic;
using System.Text;
using Portcullis.Core.Edges;
using Portcullis.Core.Model;
using Portcullis.Os.Linux.Native;
using Portcullis.Os.Linux.Packages;
using Portcullis.Os.Linux.Source;
using Xunit;

namespace Portcullis.Tests.Linux.Packages;

public sealed class PackageDatabasesTests
{
    private const string Info = "/var/lib/dpkg/info";

    private readonly MemorySource _source = new();
    private readonly StringBuilder _status = new();

    [Fact]
    public void A_file_belongs_to_the_package_that_lists_it()
    {
        Install("nginx", "1.22", "nginx.list", "/usr/sbin/nginx");
        Install("libc6:amd64", "2.36", "libc6:amd64.list", "/usr/lib/ld.so");

        PackageInventory found = Search("/usr/sbin/nginx", "/usr/lib/ld.so", "/opt/own");

        Assert.Equal(new PackageFacts("nginx", "1.22", "dpkg"), found.Owners["/usr/sbin/nginx"]);
        Assert.Equal(new PackageFacts("libc6", "2.36", "dpkg"), found.Owners["/usr/lib/ld.so"]);
        Assert.Null(found.Owners["/opt/own"]);
        Assert.Empty(found.Gaps);
    }

    [Fact]
    public void On_a_merged_system_the_old_path_is_the_same_file()
    {
        Install("systemd", "252", "systemd.list", "/lib/systemd/systemd");
        Assert.Null(Search("/usr/lib/systemd/systemd").Owners["/usr/lib/systemd/systemd"]);

        _source.Link("/lib", "usr/lib");
        Assert.Equal("systemd", Search("/usr/lib/systemd/systemd").Owners["/usr/lib/systemd/systemd"]?.Name);
    }

    [Fact]
    public void A_diversion_moves_the_files_of_all_other_packages()
    {
        Install("vim", "9", "vim.list", "/usr/bin/vi");
        Install("nvi", "1", "nvi.list", "/usr/bin/vi");
        _source.File("/var/lib/dpkg/diversions", "/usr/bin/vi\n/usr/bin/vi.vim\nnvi\n");

        PackageInventory found = Search("/usr/bin/vi", "/usr/bin/vi.vim");

        Assert.Equal("nvi", found.Owners["/usr/bin/vi"]?.Name);
        Assert.Equal("vim", found.Owners["/usr/bin/vi.vim"]?.Name);
    }

    [Fact]
    public void A_local_diversion_moves_every_package_and_leaves_a_file_of_nobody()
    {
        Install("bash", "5", "bash.list", "/bin/bash");
        _source.Link("/bin", "usr/bin").File("/var/lib/dpkg/diversions", "/bin/bash\n/bin/bash.real\n:\n");

        PackageInventory found = Search("/usr/bin/bash", "/usr/bin/bash.real");

        Assert.Null(found.Owners["/usr/bin/bash"]);
        Assert.Equal("bash", found.Owners["/usr/bin/bash.real"]?.Name);
    }

    [Fact]
    public void A_removed_package_owns_nothing_though_its_list_is_left()
    {
        Install("gone", "1", "gone.list", "/usr/sbin/gone", state: "deinstall ok config-files");

        Assert.Null(Search("/usr/sbin/gone").Owners["/usr/sbin/gone"]);
    }

    [Theory]
    [InlineData("/var/lib/dpkg/status", "nonsense\n", "/var/lib/dpkg/status line 1")]
    [InlineData("/var/lib/dpkg/status", "Package: a\nStatus: install ok inst", "/var/lib/dpkg/status line 2")]
    [InlineData("/var/lib/dpkg/info/a.list", "", "/var/lib/dpkg/info/a.list line 1")]
    [InlineData("/var/lib/dpkg/info/a.list", "/usr\n\u0001\u0002\n", "/var/lib/dpkg/info/a.list line 2")]
    [InlineData("/var/lib/dpkg/diversions", "/x\n", "/var/lib/dpkg/diversions line 1")]
    public void A_damaged_database_is_a_gap_and_never_says_that_nobody_owns_a_file(string path, string text, string place)
    {
        Install("a", "1", "a.list", "/usr/bin/a");
        Install("b", "1", "b.list", "/usr/bin/b");
        Assert.Empty(Search("/opt/own").Gaps);

        _source.File("/var/lib/dpkg/status", _status.ToString()).File(path, text);
        PackageInventory found = new PackageDatabases(_source).OwnersOf(["/opt/own", "/usr/bin/a"]);

        Assert.False(found.Owners.ContainsKey("/opt/own"));
        Assert.Contains(found.Gaps, gap => gap.Why.Contains(place, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_found_in_a_damaged_database_is_still_told()
    {
        Install("a", "1", "a.list", "/usr/bin/a");
        _status.Append("nonsense\n");

        PackageInventory found = Search("/usr/bin/a");

        Assert.Equal("a", found.Owners["/usr/bin/a"]?.Name);
        Assert.Single(found.Gaps);
    }

    [Fact]
    public void A_missing_or_unreadable_list_is_a_gap()
    {
        Install("a", "1", "a.list", "/usr/bin/a");
        _source.Remove($"{Info}/a.list");
        Assert.Contains(Search("/usr/bin/a").Gaps, static gap => gap.Why.Contains("a.list is missing", StringComparison.Ordinal));

        _source.File($"{Info}/a.list", "/.\n").Refuse($"{Info}/a.list", Errno.EACCES);
        PackageInventory found = Search("/usr/bin/a");
        Assert.Contains(found.Gaps, static gap => gap.Remedy == "run as root");
        Assert.False(found.Owners.ContainsKey("/usr/bin/a"));
    }

    [Fact]
    public void A_list_without_the_root_directory_may_still_be_sound()
    {
        Install("a", "1", "a.list", "/usr/bin/a");
        _source.File($"{Info}/a.list", "/usr/bin/a\n");

        PackageInventory found = Search("/usr/bin/a", "/opt/own");

        Assert.Equal("a", found.Owners["/usr/bin/a"]?.Name);
        Assert.Empty(found.Gaps);
    }

    [Fact]
    public void Lists_without_a_status_file_are_a_gap()
    {
        _source.File($"{Info}/a.list", "/.\n/usr/bin/a\n");

        PackageInventory found = new PackageDatabases(_source).OwnersOf(["/usr/bin/a"]);

        Assert.Empty(found.Owners);
        Assert.Single(found.Gaps);
    }

    [Fact]
    public void An_image_without_dpkg_names_its_packages_one_by_one()
    {
        _source.File("/var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12\n").File("/var/lib/dpkg/status.d/base.md5sums", new string('0', 32) + "  usr/bin/a\n");

        PackageInventory found = new PackageDatabases(_source).OwnersOf(["/usr/bin/a", "/app"]);

        Assert.Equal(new PackageFacts("base-files", "12", "dpkg"), found.Owners["/usr/bin/a"]);
        Assert.Null(found.Owners["/app"]);
    }

    [Fact]
    public void Alpines_database_is_read()
    {
        _source.File("/lib/apk/db/installed", "P:busybox\nV:1.36-r0\nF:bin\nR:busybox\n\n");
        Assert.Equal(new PackageFacts("busybox", "1.36-r0", "apk"), Single("/bin/busybox"));

        _source.File("/lib/apk/db/installed", "P:busybox\nbroken\n");
        Assert.Contains(new PackageDatabases(_source).OwnersOf(["/x"]).Gaps, static gap => gap.Why.Contains("line 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_managers_are_all_asked()
    {
        Install("a", "1", "a.list", "/usr/bin/a");
        _source.File("/lib/apk/db/installed", "P:b\nV:2\nF:usr/bin\nR:b\nR:a\n\n");

        PackageInventory found = Search("/usr/bin/a", "/usr/bin/b");

        Assert.Equal("dpkg", found.Owners["/usr/bin/a"]?.Manager);
        Assert.Equal("apk", found.Owners["/usr/bin/b"]?.Manager);
    }

    [Fact]
    public void Rpm_is_asked_by_its_own_tool_and_its_silence_is_a_gap()
    {
        _source.File("/var/lib/rpm/rpmdb.sqlite", "x");
        Assert.Single(new PackageDatabases(_source).OwnersOf(["/usr/sbin/sshd"]).Gaps);

        Tool tool = new(Answer.Of(Encoding.UTF8.GetBytes("openssh\t9-1\t/usr/sbin/sshd\nfile /opt/x is not owned by any package\n")));
        PackageInventory found = new PackageDatabases(_source, tool).OwnersOf(["/usr/sbin/sshd", "/opt/x"]);
        Assert.Equal(new PackageFacts("openssh", "9-1", "rpm"), found.Owners["/usr/sbin/sshd"]);
        Assert.Null(found.Owners["/opt/x"]);
        Assert.Empty(found.Gaps);
        Assert.Equal("/usr/bin/rpm", tool.Program);

        Assert.False(new PackageDatabases(_source, tool).OwnersOf(["/silent"]).Owners.ContainsKey("/silent"));

        // What is gone and no package's is told on standard error only; real rpm answers for itself beside it.
        Tool silent = new(Answer.Of("file /usr/bin/rpm is not owned by any package\n"u8.ToArray()));
        found = new PackageDatabases(_source.File("/here", "x"), silent).OwnersOf(["/gone"]);
        Assert.Null(found.Owners["/gone"]);
        Assert.Empty(found.Gaps);
        Assert.False(new PackageDatabases(_source, silent).OwnersOf(["/here"]).Owners.ContainsKey("/here"));
        Assert.Single(new PackageDatabases(_source, new Tool(Answer.Refused(Errno.ETIMEDOUT))).OwnersOf(["/x"]).Gaps);
    }

    [Fact]
    public void A_manager_that_is_not_read_makes_the_answer_unknown()
    {
        Assert.Null(Search("/usr/bin/a").Owners["/usr/bin/a"]);

        _source.Directory("/var/lib/pacman/local");
        PackageInventory found = new PackageDatabases(_source).OwnersOf(["/usr/bin/a"]);
        Assert.Empty(found.Owners);
        Assert.Single(found.Gaps);
    }

    [Fact]
    public void Without_any_database_nothing_is_known_of_any_file()
    {
        Assert.Empty(new PackageDatabases(_source).OwnersOf(["/usr/bin/a"]).Owners);
        Assert.Contains("no package database", Assert.Single(new PackageDatabases(_source, new Tool(Answer.Refused(Errno.ENOENT))).OwnersOf(["/usr/bin/a"]).Gaps).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_with_a_line_break_finds_no_line_of_another_file()
    {
        Install("a", "1", "a.list", "/usr/bin/a");

        PackageInventory found = Search("/tmp/x\n/usr/bin/a", "not absolute");

        Assert.Null(found.Owners["/tmp/x\n/usr/bin/a"]);
        Assert.False(found.Owners.ContainsKey("not absolute"));
    }

    private void Install(string package, string version, string list, string file, string state = "install ok installed")
    {
        string[] name = package.Split(':');
        _status.Append($"Package: {name[0]}\nStatus: {state}\nArchitecture: {(name.Length > 1 ? name[1] : "amd64")}\nVersion: {version}\n\n");
        _source.File($"{Info}/{list}", $"/.\n{file}\n");
    }

    private PackageInventory Search(params string[] paths) =>
        new PackageDatabases(_source.File("/var/lib/dpkg/status", _status.ToString())).OwnersOf(paths);

    private PackageFacts? Single(string path) => new PackageDatabases(_source).OwnersOf([path]).Owners[path];

    private sealed class Tool(Answer answer) : IToolRunner
    {
        internal string? Program { get; private set; }

        public Answer Run(string program, IReadOnlyList<string> arguments, TimeSpan limit, int size)
        {
            Program = program;
            return answer;
        }
    }
}
