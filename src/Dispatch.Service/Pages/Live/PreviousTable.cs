using System.Collections.Immutable;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.State;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Live;

/// <summary>
/// Knows the table before the one in force: the last that sent clients elsewhere. A table that only adds failovers to the one before it is no other. Thread-safe.
/// </summary>
internal sealed class PreviousTable : IDisposable
{
    // Each cycle publishes a table and, with failovers, another: among so many there is one with other shares, or nothing has changed for long.
    private const int MostRead = 4;

    private readonly TableHolder _holder;
    private readonly StateDoor _door;
    private readonly PageDesk _desk;
    private readonly Lock _gate = new();
    private RoutingTable? _current, _before;

    /// <summary>Listens to swaps from now on.</summary>
    public PreviousTable(TableHolder holder, StateDoor door, PageDesk desk)
    {
        (_holder, _door, _desk) = (holder, door, desk);
        holder.Swapped += OnSwapped;
        OnSwapped(null, EventArgs.Empty);
    }

    /// <summary>The table before the one in force, among those seen here or kept in the store; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store gives no answer.</exception>
    public async Task<RoutingTable?> FindAsync(RoutingTable current, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_before is not null) return _before;
        }
        RoutingTable? found = await ReadAsync(current, cancellation);
        lock (_gate) return _before ??= found;
    }

    /// <inheritdoc/>
    public void Dispose() => _holder.Swapped -= OnSwapped;

    private void OnSwapped(object? sender, EventArgs e)
    {
        if (_holder.Current?.Table is not { } table) return;
        lock (_gate)
        {
            if (_current is not null && !SendsAlike(_current, table)) _before = _current;
            _current = table;
        }
    }

    private async Task<RoutingTable?> ReadAsync(RoutingTable current, CancellationToken cancellation)
    {
        ImmutableArray<TableVersion> older = [.. (await _door.Store.Tables.ListAsync(cancellation)).Select(static t => t.Version).Where(v => v < current.Version).OrderDescending().Take(MostRead)];
        foreach (TableVersion version in older)
        {
            (EncodedTable? bytes, _) = await _door.Store.Tables.FetchAsync(version, cancellation);
            RoutingTable? table = bytes is null ? null : await _desk.RunAsync(() => bytes.TryRead(current, out RoutingTable? read, out _) ? read : null);
            if (table is not null && !SendsAlike(table, current)) return table;
        }
        return null;
    }

    // By what is planned: ranks of backups may change without anybody being sent elsewhere.
    private static bool SendsAlike(RoutingTable one, RoutingTable other)
    {
        (TableContent a, TableContent b) = (one.Content, other.Content);
        if (ReferenceEquals(a.Entries, b.Entries)) return true;
        if (a.Entries.Overflow.Length != b.Entries.Overflow.Length || !a.Regions.Select(static r => r.Id).SequenceEqual(b.Regions.Select(static r => r.Id))
            || !a.Edges.Select(static e => e.Id).SequenceEqual(b.Edges.Select(static e => e.Id))) return false;
        for (int entry = 0; entry < a.Entries.Overflow.Length; entry++)
        {
            EntryPlan left = EntryPlan.Of(a.Entries, entry), right = EntryPlan.Of(b.Entries, entry);
            if (!left.Edges.SequenceEqual(right.Edges) || !left.Weights.SequenceEqual(right.Weights)) return false;
        }
        return true;
    }

    /// <summary>The planned part of an entry.</summary>
    private readonly ref struct EntryPlan
    {
        private EntryPlan(ReadOnlySpan<ushort> edges, ReadOnlySpan<ushort> weights)
        {
            Edges = edges;
            Weights = weights;
        }

        public ReadOnlySpan<ushort> Edges { get; }

        public ReadOnlySpan<ushort> Weights { get; }

        public static EntryPlan Of(EntryRows rows, int entry)
        {
            (int start, int end) = (rows.Start[entry], rows.Start[entry]);
            while (end < rows.Start[entry + 1] && rows.Weight[end] > 0) end++;
            return new(rows.Edge.AsSpan(start, end - start), rows.Weight.AsSpan(start, end - start));
        }
    }
}
