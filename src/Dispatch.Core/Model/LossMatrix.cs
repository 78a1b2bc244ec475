namespace TrafficDispatch.Model;

/// <summary>Packet loss from every region to every edge, as fractions. Immutable and thread-safe.</summary>
public sealed class LossMatrix
{
    private readonly double[] _fraction;

    /// <param name="regions">Rows, at least 0.</param>
    /// <param name="edges">Columns, at least 0.</param>
    /// <param name="fraction">Row by row, 0 to 1. The matrix takes the array over.</param>
    /// <exception cref="ArgumentException">The array's length is not rows × columns.</exception>
    public LossMatrix(int regions, int edges, double[] fraction)
    {
        if (fraction.Length != regions * edges) throw new ArgumentException($"{fraction.Length} values for {regions} × {edges}.", nameof(fraction));
        (Regions, Edges, _fraction) = (regions, edges, fraction);
    }

    /// <summary>Rows.</summary>
    public int Regions { get; }

    /// <summary>Columns.</summary>
    public int Edges { get; }

    /// <summary>Loss of one region to every edge.</summary>
    public ReadOnlySpan<double> Row(int region) => _fraction.AsSpan(region * Edges, Edges);

    /// <summary>The matrix with one edge more, the last. O(regions × edges).</summary>
    /// <param name="value">A fraction from a region's ordinal and its row so far.</param>
    public LossMatrix WithColumn(Func<int, ReadOnlySpan<double>, double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new LossMatrix(Regions, Edges + 1, MatrixColumns.WithOneMore(_fraction, Regions, Edges, value));
    }
}
