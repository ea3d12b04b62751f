namespace Portcullis.Cli.Report.Html;

/// <summary>
/// The Hilbert curve through a square of 256 by 256 cells, which has a cell for each of the 65,536 ports: neighbouring ports stay
/// neighbours, and every block of a power of four is a square. It starts at the top left; ports from 49152 are the top right quarter.
/// (D. Hilbert, "Über die stetige Abbildung einer Linie auf ein Flächenstück", 1891.)
/// </summary>
internal static class HilbertCurve
{
    /// <summary>Cells a side.</summary>
    internal const int Side = 256;

    /// <summary>The cell of a port: column from the left, row from the top.</summary>
    /// <param name="port">0 to 65535.</param>
    internal static (int Column, int Row) CellOf(int port)
    {
        int column = 0;
        int row = 0;
        int rest = port;
        for (int size = 1; size < Side; size *= 2)
        {
            // Two bits choose the quarter; the quarters before it are turned so that their ends meet.
            int right = 1 & (rest / 2);
            int down = 1 & (rest ^ right);
            if (down == 0)
            {
                if (right == 1)
                {
                    (column, row) = (size - 1 - column, size - 1 - row);
                }

                (column, row) = (row, column);
            }

            column += size * right;
            row += size * down;
            rest /= 4;
        }

        return (column, row);
    }
}
