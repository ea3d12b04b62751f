using System;
using Portcullis.Core.Knowledge;
using Xunit;

namespace Portcullis.Tests.Knowledge;

public sealed class PortClassTests
{
    [Theory]
    [InlineData(0, PortClass.System)]
    [InlineData(1023, PortClass.System)]
    [InlineData(1024, PortClass.User)]
    [InlineData(49151, PortClass.User)]
    [InlineData(49152, PortClass.Dynamic)]
    [InlineData(65535, PortClass.Dynamic)]
    public void Class_changes_at_the_borders_of_RFC_6335(int port, PortClass expected) => Assert.Equal(expected, PortClasses.Of(port));

    [Fact]
    public void Every_port_has_a_class_and_each_class_its_number_of_ports()
    {
        int[] counts = new int[3];
        for (int port = 0; port <= 65535; port++)
            counts[(int)PortClasses.Of(port)]++;
        Assert.Equal([1024, 48128, 16384], counts);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void What_is_no_port_has_no_class(int port) => Assert.Throws<ArgumentOutOfRangeException>(() => PortClasses.Of(port));
}
