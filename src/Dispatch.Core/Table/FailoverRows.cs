using System.Collections.Immutable;

namespace TrafficDispatch.Table;

/// <summary>
/// What changes while a known set of edges is down: for each such failover the new shares of the entries that change, every other entry
/// stays as it is. Losing those edges is then a switch, not a solve.
/// </summary>
/// <remarks>
/// Failover f is named <c>Name[f]</c>, stands for the edges at <c>FailedStart[f]</c> to <c>FailedStart[f + 1]</c> of
/// <see cref="Failed"/>, ascending and healthy in the table, and has the rows <c>RowStart[f]</c> to <c>RowStart[f + 1]</c>, by rising entry.
/// Row r gives entry <c>Entry[r]</c> the edges at <c>Start[r]</c> to <c>Start[r + 1]</c>, largest share first, none of them failed or down;
/// weights above 0 and overflow sum to <see cref="Shares.Whole"/>. Backups are the entry's own. Default routes have no rows.
/// </remarks>
/// <param name="Name">What fails, written <c>kind:id</c>; no two have the same edges.</param>
/// <param name="FailedStart">Where each failover's edges start; one more than failovers.</param>
/// <param name="Failed">Edge ordinals.</param>
/// <param name="RowStart">Where each failover's rows start; one more than failovers.</param>
/// <param name="Entry">Entry ordinals; see <see cref="EntryRows"/>.</param>
/// <param name="Start">Where each row's edges start; one more than rows.</param>
/// <param name="Edge">Edge ordinals.</param>
/// <param name="Weight">Each edge's share of the group's clients in 1/16384.</param>
/// <param name="Overflow">Each row's share of demand that stays unserved, in 1/16384.</param>
/// <param name="Law">The law that every row was held to: regions that are bound, by rising ordinal. Rows that break it are not loaded.</param>
public sealed record FailoverRows(
    ImmutableArray<string> Name, ImmutableArray<int> FailedStart, ImmutableArray<ushort> Failed, ImmutableArray<int> RowStart,
    ImmutableArray<int> Entry, ImmutableArray<int> Start, ImmutableArray<ushort> Edge, ImmutableArray<ushort> Weight,
    ImmutableArray<ushort> Overflow, ImmutableArray<RegionLaw> Law)
{
    /// <summary>No failover at all: ranked backups serve whatever fails.</summary>
    public static readonly FailoverRows None = new([], [0], [], [0], [], [0], [], [], [], []);

    /// <summary>Number of failovers.</summary>
    public int Count => Name.Length;

    /// <summary>Bytes that the arrays take in memory and, but for lengths, in a stored table; names and law aside.</summary>
    public long Bytes =>
        4L * (FailedStart.Length + RowStart.Length + Entry.Length + Start.Length) + 2L * (Failed.Length + Edge.Length + Weight.Length + Overflow.Length);
}

/// <summary>Where a bound region's viewers may be served.</summary>
/// <param name="Region">Ordinal of the region.</param>
/// <param name="Jurisdictions">Jurisdictions whose edges may serve it.</param>
public sealed record RegionLaw(int Region, ImmutableArray<string> Jurisdictions);
