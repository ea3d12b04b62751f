using System;
using System.Collections.Generic;
using System.Linq;
using Portcullis.Cli.Report.Html;
using Xunit;

namespace Portcullis.Tests.Cli;

public sealed class HilbertCurveTests
{
    private static readonly (int Column, int Row)[] Cells = [.. Enumerable.Range(0, 65536).Select(HilbertCurve.CellOf)];

    [Fact]
    public void Every_port_has_a_cell_of_its_own()
    {
        Assert.Equal(65536, new HashSet<(int, int)>(Cells).Count);
        Assert.All(Cells, cell => Assert.True(cell is { Column: >= 0 and < 256, Row: >= 0 and < 256 }));
    }

    [Fact]
    public void Neighbouring_ports_are_neighbouring_cells()
    {
        for (int port = 1; port < Cells.Length; port++)
        {
            Assert.Equal(1, Math.Abs(Cells[port].Column - Cells[port - 1].Column) + Math.Abs(Cells[port].Row - Cells[port - 1].Row));
        }
    }

    [Fact]
    public void System_ports_are_the_square_at_the_top_left_and_no_other_port_is_in_it() =>
        Assert.All(Enumerable.Range(0, 65536), port => Assert.Equal(port < 1024, Cells[port] is { Column: < 32, Row: < 32 }));

    [Fact]
    public void Dynamic_ports_are_the_quarter_at_the_top_right_and_no_other_port_is_in_it() =>
        Assert.All(Enumerable.Range(0, 65536), port => Assert.Equal(port >= 49152, Cells[port] is { Column: >= 128, Row: < 128 }));
}
