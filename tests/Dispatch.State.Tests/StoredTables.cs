using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Tests;

/// <summary>What a process would serve from a store: the newest table that is whole, and what it passed over on the way.</summary>
internal static class StoredTables
{
    public static async Task<(RoutingTable? Table, ImmutableArray<string> Skipped)> LatestAsync(this ITableStore store, CancellationToken cancellation)
    {
        ImmutableArray<string> skipped = [];
        foreach (StoredTable stored in await store.ListAsync(cancellation))
        {
            (EncodedTable? bytes, string fault) = await store.FetchAsync(stored.Version, cancellation);
            if (bytes is not null && bytes.TryRead(null, out RoutingTable? table, out fault)) return (table, skipped);
            skipped = skipped.Add($"table {stored.Version}: {fault}");
        }
        return (null, skipped);
    }
}
