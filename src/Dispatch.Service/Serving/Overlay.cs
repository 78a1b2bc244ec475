using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serving;

/// <summary>
/// What is known about nodes beyond the table in force, by source, ready for the answers of one table. It only ever takes nodes or parts of
/// their clients away: what comes back is given traffic by the next solve. Immutable and thread-safe.
/// </summary>
public sealed class Overlay
{
    /// <summary>Nothing was ever said.</summary>
    public static readonly Overlay None = new(
        0, ImmutableSortedDictionary.Create<string, ImmutableArray<HealthStatement>>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, EdgeWeights>(StringComparer.Ordinal), [], [], [], []);

    private readonly ulong[] _down, _drained, _full;
    private readonly byte[] _kept;

    private Overlay(
        ulong version, ImmutableSortedDictionary<string, ImmutableArray<HealthStatement>> bySource, ImmutableSortedDictionary<string, EdgeWeights> weights,
        ulong[] down, ulong[] drained, byte[] kept, ulong[] full) =>
        (Version, BySource, Weights, _down, _drained, _kept, _full) = (version, bySource, weights, down, drained, kept, full);

    /// <summary>Rises with each change; 0 before the first statement.</summary>
    public ulong Version { get; }

    /// <summary>What each source says takes nodes away; sources that say nothing are left out.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<HealthStatement>> BySource { get; }

    /// <summary>
    /// Bit <c>n % 64</c> of word <c>n / 64</c> is set where node n (edges, then relays, then origins) is down or drained, known to the table or
    /// not; empty where none is.
    /// </summary>
    public ReadOnlySpan<ulong> Down => _down;

    /// <summary>What each source says edges keep of their clients; sources that say nothing are left out.</summary>
    public ImmutableSortedDictionary<string, EdgeWeights> Weights { get; }

    /// <summary>Percent of its clients that each edge keeps, by ordinal, the least of all sources; empty where every edge keeps all.</summary>
    public ReadOnlySpan<byte> Kept => _kept;

    /// <summary>Bits, as in <see cref="Down"/>, of the edges that take nobody whom another gives away; empty where <see cref="Kept"/> is.</summary>
    public ReadOnlySpan<ulong> Full => _full;

    /// <summary>The bits of the drained ones among <see cref="Down"/>.</summary>
    public ReadOnlySpan<ulong> Drained => _drained;

    /// <summary>The overlay after a source has said what it knows now.</summary>
    /// <param name="source">Who says so, for instance <c>health.csv</c>. Each source has its own statements; a node is down as soon as one says so.</param>
    /// <param name="statements">All that the source knows; in the place of what it said before. Those that take nothing away are dropped.</param>
    /// <param name="notBelow">The new version is at least this, and above the one before.</param>
    /// <returns>This very overlay where nothing changes.</returns>
    public Overlay With(string source, ImmutableArray<HealthStatement> statements, ulong notBelow)
    {
        ImmutableArray<HealthStatement> taken = [.. statements.Where(static s => s.State != HealthState.Up || s.Factor <= 0)];
        ImmutableArray<HealthStatement> before = BySource.GetValueOrDefault(source, []);
        if (taken.SequenceEqual(before)) return this;
        ImmutableSortedDictionary<string, ImmutableArray<HealthStatement>> next = taken.IsEmpty ? BySource.Remove(source) : BySource.SetItem(source, taken);
        return new(Math.Max(Version + 1, notBelow), next, Weights, [], [], [], []);
    }

    /// <summary>The overlay after a source has said what edges keep now; in the place of what it said before.</summary>
    /// <param name="source">Who says so.</param>
    /// <param name="weights">All that it says.</param>
    /// <param name="notBelow">The new version is at least this, and above the one before.</param>
    /// <returns>This very overlay where nothing changes.</returns>
    public Overlay Weigh(string source, EdgeWeights weights, ulong notBelow)
    {
        if (weights.Equals(Weights.GetValueOrDefault(source, EdgeWeights.None))) return this;
        ImmutableSortedDictionary<string, EdgeWeights> next = weights.IsEmpty ? Weights.Remove(source) : Weights.SetItem(source, weights);
        return new(Math.Max(Version + 1, notBelow), BySource, next, [], [], [], []);
    }

    /// <summary>The same overlay for the nodes of a table. O(nodes).</summary>
    public Overlay For(TableContent table)
    {
        byte[] kept = KeptOf(table);
        ulong[] full = kept.Length > 0 ? FullOf(table) : [];
        if (BySource.IsEmpty) return new(Version, BySource, Weights, [], [], kept, full);
        Dictionary<(HealthScope, string), HealthState> said = [];
        foreach (HealthStatement s in BySource.Values.SelectMany(static s => s))
        {
            HealthState state = s.State == HealthState.Up ? HealthState.Down : s.State;
            if (said.GetValueOrDefault((s.Scope, s.Id)) < state) said[(s.Scope, s.Id)] = state;
        }
        ulong[] down = new ulong[(table.NodeCount + 63) / 64], drained = new ulong[down.Length];
        int node = 0;
        foreach (TableEdge e in table.Edges) Mark(Of(HealthScope.Edge, e.Id), Of(HealthScope.Domain, e.FaultDomain), Of(HealthScope.Operator, e.Operator));
        foreach (TableRelay r in table.Relays) Mark(Of(HealthScope.Relay, r.Id), Of(HealthScope.Domain, r.FaultDomain));
        foreach (TableOrigin o in table.Origins) Mark(Of(HealthScope.Origin, o.Id), Of(HealthScope.Domain, o.FaultDomain));
        return new(Version, BySource, Weights, down, drained, kept, full);

        HealthState Of(HealthScope scope, string id) => said.GetValueOrDefault((scope, id));

        void Mark(params ReadOnlySpan<HealthState> states)
        {
            HealthState worst = HealthState.Up;
            foreach (HealthState state in states) worst = (HealthState)Math.Max((int)worst, (int)state);
            if (worst != HealthState.Up) down[node >> 6] |= 1UL << (node & 63);
            if (worst == HealthState.Drained) drained[node >> 6] |= 1UL << (node & 63);
            node++;
        }
    }

    private byte[] KeptOf(TableContent table)
    {
        Dictionary<string, byte> least = new(StringComparer.Ordinal);
        foreach (EdgeWeight w in Weights.Values.SelectMany(static w => w.Kept))
            least[w.EdgeId] = Math.Min(least.GetValueOrDefault(w.EdgeId, (byte)100), w.Percent);
        if (!table.Edges.Any(e => least.ContainsKey(e.Id))) return [];
        return [.. table.Edges.Select(e => least.GetValueOrDefault(e.Id, (byte)100))];
    }

    private ulong[] FullOf(TableContent table)
    {
        HashSet<string> ids = [.. Weights.Values.SelectMany(static w => w.Full)];
        ulong[] full = new ulong[(table.Edges.Length + 63) / 64];
        for (int e = 0; e < table.Edges.Length; e++)
            if (ids.Contains(table.Edges[e].Id)) full[e >> 6] |= 1UL << (e & 63);
        return full;
    }

    /// <summary>How many edges of the table that it was made for keep less than all of their clients.</summary>
    public int LightenedCount => _kept.Count(static k => k < 100);

    /// <summary>How many nodes of the table that it was made for are down or drained.</summary>
    public int DownCount => _down.Sum(System.Numerics.BitOperations.PopCount);
}
