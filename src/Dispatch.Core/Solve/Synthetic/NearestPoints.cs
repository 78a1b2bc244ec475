using System.Diagnostics;

namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Finds the nearest of a set of points, nearest first; equally near ones by number. Not thread safe: it has scratch of its own.</summary>
/// <remarks>
/// O(n) a query: keys below the worst kept so far are collected, and the collection is sorted and cut to size whenever it is twice too
/// long, which happens a handful of times. A key is the squared distance in units of 2^−41 above the point's number: sorting plain
/// integers is fast and leaves no tie to the sort.
/// </remarks>
internal sealed class NearestPoints
{
    private const int NumberBits = 20;
    private const ulong NumberMask = (1UL << NumberBits) - 1;
    private const double Scale = 1UL << 41;
    private readonly double[] _x, _y, _z;
    private ulong[] _keys = [];

    /// <summary>Takes the points; at most 2^20.</summary>
    public NearestPoints(GlobePoint[] points)
    {
        Debug.Assert(points.Length <= SyntheticSize.MaxPlaces, "a number would not fit below the distance");
        _x = Array.ConvertAll(points, static p => p.X);
        _y = Array.ConvertAll(points, static p => p.Y);
        _z = Array.ConvertAll(points, static p => p.Z);
    }

    /// <summary>Fills <paramref name="nearest"/> with the numbers of the nearest points; it is no longer than there are points.</summary>
    public void Find(GlobePoint from, Span<int> nearest)
    {
        int wanted = nearest.Length, kept = 0;
        if (_keys.Length < 2 * wanted) _keys = new ulong[2 * wanted];
        ulong bound = ulong.MaxValue;
        for (int i = 0; i < _x.Length; i++)
        {
            double dx = _x[i] - from.X, dy = _y[i] - from.Y, dz = _z[i] - from.Z;
            ulong key = ((ulong)((dx * dx + dy * dy + dz * dz) * Scale) << NumberBits) | (uint)i;
            if (key >= bound) continue;
            _keys[kept++] = key;
            if (kept < _keys.Length) continue;
            Array.Sort(_keys, 0, kept);
            kept = wanted;
            bound = _keys[wanted - 1];
        }
        Array.Sort(_keys, 0, kept);
        for (int k = 0; k < wanted; k++) nearest[k] = (int)(_keys[k] & NumberMask);
    }
}
