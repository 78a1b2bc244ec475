namespace TrafficDispatch.Model;

/// <summary>Round-trip times from every region to every edge. Immutable and thread-safe.</summary>
public sealed class RttMatrix
{
    private readonly double[] _milliseconds;

    /// <param name="regions">Rows, at least 0.</param>
    /// <param name="edges">Columns, at least 0.</param>
    /// <param name="milliseconds">Row by row; finite and never negative. The matrix takes the array over.</param>
    /// <exception cref="ArgumentException">The array's length is not rows × columns.</exception>
    public RttMatrix(int regions, int edges, double[] milliseconds)
    {
        if (milliseconds.Length != regions * edges)
            throw new ArgumentException($"{milliseconds.Length} values for {regions} × {edges}.", nameof(milliseconds));
        Regions = regions;
        Edges = edges;
        _milliseconds = milliseconds;
    }

    /// <summary>Rows.</summary>
    public int Regions { get; }

    /// <summary>Columns.</summary>
    public int Edges { get; }

    /// <summary>Round trip between a region and an edge, by ordinal.</summary>
    public Milliseconds this[int region, int edge] => new(Row(region)[edge]);

    /// <summary>Round trips of one region to every edge, milliseconds.</summary>
    public ReadOnlySpan<double> Row(int region) => _milliseconds.AsSpan(region * Edges, Edges);

    /// <summary>The matrix with every value passed through a function of region ordinal, edge ordinal and milliseconds.</summary>
    public RttMatrix Select(Func<int, int, double, double> map)
    {
        double[] next = new double[_milliseconds.Length];
        for (int r = 0; r < Regions; r++)
            for (int e = 0; e < Edges; e++) next[r * Edges + e] = map(r, e, _milliseconds[r * Edges + e]);
        return new RttMatrix(Regions, Edges, next);
    }

    /// <summary>The matrix with one edge more, the last. O(regions × edges).</summary>
    /// <param name="value">Milliseconds from a region's ordinal and its row so far.</param>
    public RttMatrix WithColumn(Func<int, ReadOnlySpan<double>, double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new RttMatrix(Regions, Edges + 1, MatrixColumns.WithOneMore(_milliseconds, Regions, Edges, value));
    }
}

/// <summary>Widens matrices that lie row by row.</summary>
internal static class MatrixColumns
{
    /// <summary>The rows, each with one value more at its end.</summary>
    public static double[] WithOneMore(double[] values, int rows, int columns, Func<int, ReadOnlySpan<double>, double> value)
    {
        double[] next = new double[checked(rows * (columns + 1))];
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<double> row = values.AsSpan(r * columns, columns);
            row.CopyTo(next.AsSpan(r * (columns + 1)));
            next[r * (columns + 1) + columns] = value(r, row);
        }
        return next;
    }
}
