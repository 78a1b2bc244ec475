using TrafficDispatch.Model;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State;

/// <summary>Tells whether two worlds say the same.</summary>
public static class WorldComparison
{
    /// <summary>True where every field of every row of both is the same, bit by bit, and the versions are too. Linear; holds one row at a time.</summary>
    public static bool AreSame(World one, World other) =>
        one.Version == other.Version && FactsTables.All.All(table => AreSame(table, one.Facts, other.Facts));

    private static bool AreSame(FactsTable table, WorldFacts one, WorldFacts other)
    {
        if (table.RowsOf(one) != table.RowsOf(other)) return false;
        for (int row = 0; row < (table.RowsOf(one) ?? 0); row++)
            if (!table.Row(one, row).AsSpan().SequenceEqual(table.Row(other, row))) return false;
        return true;
    }
}
