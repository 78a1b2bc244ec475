using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Watch;

/// <summary>What differs between two slices of one selection. Immutable.</summary>
internal sealed record SliceDifference
{
    /// <summary>True where nothing of the first counts.</summary>
    public required bool IsFull { get; init; }

    /// <summary>True where the list comes anew.</summary>
    public required bool Regions { get; init; }

    /// <inheritdoc cref="Regions"/>
    public required bool Edges { get; init; }

    /// <inheritdoc cref="Regions"/>
    public required bool Services { get; init; }

    /// <inheritdoc cref="Regions"/>
    public required bool Failovers { get; init; }

    /// <summary>Entries that change; those that are not empty where everything comes anew.</summary>
    public required ImmutableArray<int> Entries { get; init; }

    /// <summary>Rows of failovers that change.</summary>
    public required ImmutableArray<FailoverChange> FailoverRows { get; init; }

    /// <summary>Rows of endpoints that change, by <c>service × edges + edge</c>.</summary>
    public required ImmutableArray<int> Endpoints { get; init; }

    /// <summary>
    /// True where the rows of one mean the same things as those of the other: same regions, edges and services in the same order, as many
    /// profiles. Otherwise ordinals would have to be translated, and everything comes anew.
    /// </summary>
    public static bool IsComparable(TableContent from, TableContent to) => from.Entries.Profiles == to.Entries.Profiles
        && Same(from.Regions, to.Regions, static r => r.Id) && Same(from.Edges, to.Edges, static e => e.Id) && Same(from.Services, to.Services, static s => s.Id);

    /// <summary>The difference. O(rows).</summary>
    /// <param name="from">What is held; null for nothing, as also where it is not comparable.</param>
    /// <param name="to">What is to be held.</param>
    public static SliceDifference Between(TableContent? from, TableContent to)
    {
        if (from is null || !IsComparable(from, to)) return Whole(to);
        bool failovers = !SameFailures(from.Failovers, to.Failovers);
        return new()
        {
            IsFull = false,
            Regions = !from.Regions.AsSpan().SequenceEqual(to.Regions.AsSpan()),
            Edges = !from.Edges.AsSpan().SequenceEqual(to.Edges.AsSpan()),
            Services = !SameServices(from.Services, to.Services),
            Failovers = failovers,
            Entries = ReferenceEquals(from.Entries, to.Entries) ? [] : ChangedEntries(from.Entries, to.Entries),
            FailoverRows = failovers ? AllRows(to.Failovers) : ChangedRows(from.Failovers, to.Failovers),
            Endpoints = ChangedEndpoints(from, to),
        };
    }

    private static SliceDifference Whole(TableContent to) => new()
    {
        IsFull = true,
        Regions = true,
        Edges = true,
        Services = true,
        Failovers = true,
        Entries = [.. Enumerable.Range(0, to.Entries.Overflow.Length).Where(e => to.Entries.Start[e + 1] > to.Entries.Start[e] || to.Entries.Overflow[e] > 0)],
        FailoverRows = AllRows(to.Failovers),
        Endpoints = [.. Enumerable.Range(0, Math.Max(0, to.Endpoints.Start.Length - 1)).Where(row => to.Endpoints.Start[row + 1] > to.Endpoints.Start[row])],
    };

    private static bool Same<T>(ImmutableArray<T> from, ImmutableArray<T> to, Func<T, string> id) =>
        from.Length == to.Length && from.Zip(to).All(p => id(p.First) == id(p.Second));

    private static bool SameServices(ImmutableArray<TableService> from, ImmutableArray<TableService> to) =>
        from.Zip(to).All(static p => p.First with { Hostnames = p.Second.Hostnames } == p.Second && p.First.Hostnames.SequenceEqual(p.Second.Hostnames, StringComparer.Ordinal));

    private static bool SameFailures(FailoverRows from, FailoverRows to) => from.Name.SequenceEqual(to.Name, StringComparer.Ordinal)
        && from.FailedStart.AsSpan().SequenceEqual(to.FailedStart.AsSpan()) && from.Failed.AsSpan().SequenceEqual(to.Failed.AsSpan());

    private static ImmutableArray<int> ChangedEntries(EntryRows from, EntryRows to)
    {
        ImmutableArray<int>.Builder changed = ImmutableArray.CreateBuilder<int>();
        for (int e = 0; e < to.Overflow.Length; e++)
        {
            Range held = from.Start[e]..from.Start[e + 1], made = to.Start[e]..to.Start[e + 1];
            bool same = from.Overflow[e] == to.Overflow[e] && Same(from.Edge, from.Weight, held, to.Edge, to.Weight, made);
            if (!same) changed.Add(e);
        }
        return changed.DrainToImmutable();
    }

    private static ImmutableArray<FailoverChange> AllRows(FailoverRows to)
    {
        ImmutableArray<FailoverChange>.Builder rows = ImmutableArray.CreateBuilder<FailoverChange>(to.Entry.Length);
        for (int f = 0; f < to.Count; f++)
            for (int row = to.RowStart[f]; row < to.RowStart[f + 1]; row++) rows.Add(new(f, to.Entry[row], row));
        return rows.DrainToImmutable();
    }

    /// <summary>Both have the same failovers, each with rows by rising entry.</summary>
    private static ImmutableArray<FailoverChange> ChangedRows(FailoverRows from, FailoverRows to)
    {
        if (ReferenceEquals(from, to)) return [];
        ImmutableArray<FailoverChange>.Builder rows = ImmutableArray.CreateBuilder<FailoverChange>();
        for (int f = 0; f < to.Count; f++)
        {
            (int a, int b) = (from.RowStart[f], to.RowStart[f]);
            while (a < from.RowStart[f + 1] || b < to.RowStart[f + 1])
            {
                int old = a < from.RowStart[f + 1] ? from.Entry[a] : int.MaxValue, made = b < to.RowStart[f + 1] ? to.Entry[b] : int.MaxValue;
                if (old < made) rows.Add(new(f, old, -1));
                else if (made < old || !SameRow(from, a, to, b)) rows.Add(new(f, made, b));
                if (old <= made) a++;
                if (made <= old) b++;
            }
        }
        return rows.DrainToImmutable();
    }

    private static bool SameRow(FailoverRows from, int a, FailoverRows to, int b) =>
        from.Overflow[a] == to.Overflow[b] && Same(from.Edge, from.Weight, from.Start[a]..from.Start[a + 1], to.Edge, to.Weight, to.Start[b]..to.Start[b + 1]);

    private static bool Same(
        ImmutableArray<ushort> edges, ImmutableArray<ushort> weights, Range row, ImmutableArray<ushort> toEdges, ImmutableArray<ushort> toWeights, Range toRow) =>
        edges.AsSpan()[row].SequenceEqual(toEdges.AsSpan()[toRow]) && weights.AsSpan()[row].SequenceEqual(toWeights.AsSpan()[toRow]);

    private static ImmutableArray<int> ChangedEndpoints(TableContent from, TableContent to)
    {
        ImmutableArray<int>.Builder changed = ImmutableArray.CreateBuilder<int>();
        for (int row = 0; row < to.Services.Length * to.EdgeCount; row++)
            if (!RowMessages.EndpointsOf(from.Endpoints, row).SequenceEqual(RowMessages.EndpointsOf(to.Endpoints, row))) changed.Add(row);
        return changed.DrainToImmutable();
    }
}

/// <summary>A row of a failover that changes.</summary>
/// <param name="Failover">Which failover.</param>
/// <param name="Entry">Which entry.</param>
/// <param name="Row">The row in the new rows; −1 where there is none any more.</param>
internal readonly record struct FailoverChange(int Failover, int Entry, int Row);
