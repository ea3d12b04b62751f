using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Portcullis.Core.Text;
using Portcullis.Core.Text.Packages;
using Xunit;

namespace Portcullis.Tests.Text.Packages;

public sealed class PackageTextTests
{
    private const string Status =
        "Package: a\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:2-3\nDescription: x\n more: text\n\n" +
        "Package: b\nStatus: deinstall ok config-files\nVersion: 1\n\n" +
        "Package: c\nStatus: install ok half-configured\nVersion: 2\n\n" +
        "Package: d\nStatus: purge ok not-installed\n";

    private const string Apk = "C:Q1x\nP:busybox\nV:1.36-r0\nF:bin\nR:busybox\na:0:0:755\nZ:Q1\nF:\nR:top\n\nP:musl\nV:1\nF:lib\nR:ld.so\n\n";

    [Fact]
    public void Only_packages_whose_files_are_there_count()
    {
        DpkgStatus status = DpkgStatus.Parse(Encoding.UTF8.GetBytes(Status));

        Assert.Equal([new DpkgPackage("a", "amd64", "1:2-3"), new DpkgPackage("c", null, "2")], status.Installed);
        Assert.Null(status.Error);
    }

    [Theory]
    [InlineData("Package: a\nStatus: install ok installed\n\nnonsense\n", 4)]
    [InlineData("Package: a\nStatus: install ok installed\n\n\0\0\0\0", 4)]
    [InlineData("Version: 1\nStatus: install ok installed\n\nPackage: b\nStatus: install ok installed\n", 1)]
    [InlineData("Package: a\n\n", 1)]
    [InlineData("Package: a\nStatus: installed\n\n", 1)]
    [InlineData("Package: a\nStatus: install ok insta", 2)]
    public void A_damaged_status_file_is_told_with_its_line(string text, int line) =>
        Assert.Equal(line, DpkgStatus.Parse(Encoding.UTF8.GetBytes(text)).Error?.Line);

    [Fact]
    public void Without_states_every_stanza_counts() =>
        Assert.Equal("tzdata", DpkgStatus.Parse("Package: tzdata\nVersion: 1\n"u8, stateless: true).Installed.Single().Name);

    [Fact]
    public void Diversions_come_in_threes()
    {
        (ImmutableArray<DpkgDiversion> diversions, LineError? error) = DpkgDiversion.Parse("/bin/sh\n/bin/sh.distrib\ndash\n/x\n/y\n:\n");

        Assert.Equal([new DpkgDiversion("/bin/sh", "/bin/sh.distrib", "dash"), new DpkgDiversion("/x", "/y", null)], diversions);
        Assert.Null(error);
        Assert.Equal(4, DpkgDiversion.Parse("/bin/sh\n/b\ndash\n/x\n").Error?.Line);
        Assert.Equal(2, DpkgDiversion.Parse("/bin/sh\nb\ndash\n").Error?.Line);
        Assert.Equal(3, DpkgDiversion.Parse("/bin/sh\n/b\n\n").Error?.Line);
    }

    [Theory]
    [InlineData("/.\n/bin\n", null)]
    [InlineData("/.\nbin\n", 2)]
    [InlineData("/.\n/bi", 2)]
    [InlineData("/.\n\n/x\n", 2)]
    [InlineData("", 1)]
    [InlineData("/.\n/x\0y\n", 2)]
    public void A_list_of_files_is_checked_line_by_line(string text, int? line) => Assert.Equal(line, DpkgFileList.Check(Encoding.UTF8.GetBytes(text))?.Line);

    [Fact]
    public void Apk_names_the_package_before_its_files()
    {
        ApkInstalled found = ApkInstalled.Find(Encoding.UTF8.GetBytes(Apk), new HashSet<string> { "/bin/busybox", "/top", "/lib/ld.so", "/bin/ld.so" });

        Assert.Equal(("busybox", "1.36-r0"), found.Owners["/bin/busybox"]);
        Assert.Equal("busybox", found.Owners["/top"].Name);
        Assert.Equal("musl", found.Owners["/lib/ld.so"].Name);
        Assert.Equal(3, found.Owners.Count);
        Assert.Null(found.Error);
    }

    [Theory]
    [InlineData("P:a\nnonsense\n", 2)]
    [InlineData("F:bin\nR:x\n", 2)]
    [InlineData("P:a\nF:bi", 2)]
    public void A_damaged_apk_database_is_told_with_its_line(string text, int line) =>
        Assert.Equal(line, ApkInstalled.Find(Encoding.UTF8.GetBytes(text), new HashSet<string>()).Error?.Line);

    [Fact]
    public void Rpm_tells_owners_and_what_nobody_owns()
    {
        RpmAnswer answer = RpmAnswer.Parse(
            "openssh-server\t8.7p1-3\t/usr/sbin/sshd\nopenssh-server\t8.7p1-3\t/other\nfile /opt/x is not owned by any package\nfile /gone: No such file or directory\n",
            new HashSet<string> { "/usr/sbin/sshd", "/opt/x", "/gone" });

        Assert.Equal(("openssh-server", "8.7p1-3"), Assert.Single(answer.Owners).Value);
        Assert.Equal(["/opt/x"], answer.Unowned);
    }

    [Fact]
    public void Hostile_databases_never_throw()
    {
        TextFuzz.RunBytes(Encoding.UTF8.GetBytes(Status + Apk), static bytes =>
        {
            DpkgStatus.Parse(bytes);
            DpkgStatus.Parse(bytes, stateless: true);
            DpkgFileList.Check(bytes);
            ApkInstalled.Find(bytes, new HashSet<string> { "/bin/busybox" });
            DpkgDiversion.Parse(Encoding.UTF8.GetString(bytes));
            RpmAnswer.Parse(Encoding.UTF8.GetString(bytes), new HashSet<string>());
        });
    }
}
