using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// Decides which edges serve a client. Invariant: it only ever answers with edges of the client's own entry, so whatever the builder kept
/// out of an entry (law, operators, reach) stays out of every answer: backups, default route and last good edges alike.
/// </summary>
internal sealed class EdgeDecider
{
    /// <summary>More edges than this are never ranked in one answer.</summary>
    public const int MaxRanked = 64;

    // The content's arrays once more by reference, so that a decision reaches each in one step.
    private readonly PrefixIndex _prefixes;
    private readonly ClientLocation[] _locations;
    private readonly TableService[] _services;
    private readonly int[] _start;
    private readonly ushort[] _edge, _weight, _overflow;
    private readonly ulong[] _seeds, _regionKeys, _drained, _unhealthy;
    private readonly bool[] _boundRegion;
    private readonly int _regions, _granuleV4, _granuleV6;
    private readonly FailoverIndex? _failovers;

    public EdgeDecider(TableContent content)
    {
        (_prefixes, _regions) = (content.Prefixes, content.Regions.Length);
        (_granuleV4, _granuleV6) = (content.ClientGranuleV4, content.ClientGranuleV6);
        _locations = Array(content.Locations);
        _services = Array(content.Services);
        _start = Array(content.Entries.Start);
        _edge = Array(content.Entries.Edge);
        _weight = Array(content.Entries.Weight);
        _overflow = Array(content.Entries.Overflow);
        _seeds = [.. content.Edges.Select(static e => StableChoice.Seed(e.Id))];
        _regionKeys = [.. content.Regions.Select(static r => StableChoice.Key(Encoding.UTF8.GetBytes(r.Id)))];
        _boundRegion = [.. content.Regions.Select(static r => r.IsBound)];
        _drained = Bits(content.Edges, static e => e.State == HealthState.Drained);
        _unhealthy = Bits(content.Edges, static e => e.State != HealthState.Up);
        if (content.Failovers.Count > 0) _failovers = new FailoverIndex(content, _seeds);
    }

    public Decision Decide(in DecisionRequest request, Span<EdgeShare> ranked)
    {
        TableService service = _services[request.Service];
        Client client = Locate(request);
        int at = EntryOf(service.Profile, client.Region), failover = request.Down.IsEmpty ? -1 : FailoverOf(request.Down);
        Entry main = EntryAt(at), entry = main;
        if (failover >= 0 && _failovers!.TryRow(failover, at, out Entry row)) entry = row;
        else failover = -1;
        bool overflows = entry.Overflow > 0 && Overflows(entry, client.Key);
        int shedFrom = -1;
        (DecisionReason reason, int count) = overflows && service.OverCapacity == OverCapacityPolicy.Shed && main.Edges.Length > 0
            ? (DecisionReason.Shed, 0)
            : Answer(service, client, new(entry, failover >= 0 ? main : default, failover >= 0), overflows, request, ranked, out shedFrom);
        return new Decision
        {
            Reason = reason,
            Count = count,
            Service = request.Service,
            Region = client.Region,
            Network = client.Network,
            ScopeLength = client.ScopeLength,
            MatchedLength = client.MatchedLength,
            TtlSeconds = service.TtlSeconds,
            Share = reason is DecisionReason.Shed or DecisionReason.OverCapacity ? entry.Overflow : count > 0 ? ranked[0].Weight : (ushort)0,
            FailoverNumber = failover + 1,
            ShedFromNumber = shedFrom + 1,
            KeptPercent = shedFrom >= 0 ? request.Kept[shedFrom] : (byte)0,
            IsKeyed = request.SessionKey.Length > 0,
            IsByRegion = request.Form == ClientForm.Region,
        };
    }

    private (DecisionReason Reason, int Count) Answer(
        TableService service, in Client client, in Listing listing, bool overflows, in DecisionRequest request, Span<EdgeShare> ranked, out int shedFrom)
    {
        shedFrom = -1;
        if (listing.IsEmpty) return (DecisionReason.NoEdge, 0);
        Filter up = new(_unhealthy, request.Excluded, request.Down);
        int count = request.Kept.IsEmpty
            ? RankBy(overflows, listing, client.Key, up, ranked)
            : RankLightened(overflows, listing, client.Key, up, request, ranked, out shedFrom);
        if (shedFrom >= 0 && !overflows) return (DecisionReason.LoadShed, count);
        if (count > 0) return (ReasonOf(overflows, ranked[0].Weight, client.Region, listing.IsFailover), count);

        // Nobody knows under which law a fallback host stands: whom the law binds gets nothing instead.
        bool bound = client.Region >= 0 && _boundRegion[client.Region];
        if (service.AllDown == AllDownPolicy.Fallback) return (bound ? DecisionReason.NoEdge : DecisionReason.Fallback, 0);
        if (service.AllDown == AllDownPolicy.NoData) return (DecisionReason.NoEdge, 0);
        count = Rank(listing, client.Key, new(_drained, request.Excluded, request.Drained), ranked);
        return count > 0 ? (DecisionReason.LastGood, count) : (DecisionReason.NoEdge, 0);
    }

    private int RankBy(bool overflows, in Listing listing, ulong key, in Filter usable, Span<EdgeShare> ranked) =>
        overflows ? TakeInOrder(listing, usable, ranked) : Rank(listing, key, usable, ranked);

    /// <summary>
    /// The ranking with the first edge that keeps the client, and has room unless it was first anyway, in front. All are ranked whatever the
    /// answer holds, so that the first edge does not depend on how many were asked for.
    /// </summary>
    private int RankLightened(
        bool overflows, in Listing listing, ulong key, in Filter usable, in DecisionRequest request, Span<EdgeShare> ranked, out int shedFrom)
    {
        Span<EdgeShare> all = stackalloc EdgeShare[MaxRanked];
        int count = RankBy(overflows, listing, key, usable, all);
        int first = 0;
        while (first < count && (!Keeps(request.Kept, all[first].Edge, key) || (first > 0 && Filter.IsSet(request.Full, all[first].Edge)))) first++;
        shedFrom = first > 0 && first < count ? all[0].Edge : -1;
        if (shedFrom >= 0)
        {
            EdgeShare chosen = all[first];
            all[..first].CopyTo(all[1..]);
            all[0] = chosen;
        }
        count = Math.Min(count, ranked.Length);
        all[..count].CopyTo(ranked);
        return count;
    }

    private bool Keeps(ReadOnlySpan<byte> kept, ushort edge, ulong key) =>
        edge >= kept.Length || kept[edge] >= 100 || StableChoice.Keeps(key, _seeds[edge], kept[edge]);

    private static ulong[] Bits(ImmutableArray<TableEdge> edges, Func<TableEdge, bool> isSet)
    {
        ulong[] bits = new ulong[(edges.Length + 63) / 64];
        for (int e = 0; e < edges.Length; e++)
        {
            if (isSet(edges[e])) bits[e >> 6] |= 1UL << (e & 63);
        }
        return bits;
    }

    private static DecisionReason ReasonOf(bool overflows, ushort firstWeight, int region, bool failover)
    {
        if (overflows) return DecisionReason.OverCapacity;
        if (firstWeight == 0) return DecisionReason.Backup;
        if (failover) return DecisionReason.Failover;
        return region < 0 ? DecisionReason.DefaultRoute : DecisionReason.Assigned;
    }

    private Client Locate(in DecisionRequest request)
    {
        if (request.Form == ClientForm.Region)
        {
            ulong regionKey = request.SessionKey.IsEmpty ? _regionKeys[request.Region] : StableChoice.Key(request.SessionKey);
            return new(regionKey, request.Region, "", 0, -1);
        }
        PrefixMatch match = _prefixes.Find(request.Address);
        int granule = request.Address.IsIPv6 ? _granuleV6 : _granuleV4;
        ulong key = request.SessionKey.IsEmpty
            ? StableChoice.Key(SplitKey.Granule(request.Address, granule, stackalloc byte[SplitKey.MaxBytes]))
            : StableChoice.Key(request.SessionKey);

        // Valid for its whole scope: neither the split key nor the location may change inside.
        int scope = Math.Max(granule, match.UniformLength);
        if (match.Location < 0) return new(key, -1, "", scope, match.MatchedLength);
        ClientLocation location = _locations[match.Location];
        return new(key, location.Region, location.Network, scope, match.MatchedLength);
    }

    /// <summary>An entry's ordinal; <paramref name="region"/> −1 is the default route.</summary>
    public int EntryOf(int profile, int region) => profile * (_regions + 1) + (region < 0 ? _regions : region);

    /// <summary>The entry at an ordinal.</summary>
    public Entry EntryAt(int entry)
    {
        (int start, int length) = (_start[entry], _start[entry + 1] - _start[entry]);
        return new(_edge.AsSpan(start, length), _weight.AsSpan(start, length), _overflow[entry]);
    }

    /// <summary>The failover planned for exactly these edges, or −1.</summary>
    public int FailoverOf(ReadOnlySpan<ulong> down) => _failovers is null ? -1 : _failovers.Find(down);

    /// <summary>
    /// True where the share that nobody serves wins the client. It runs against all edges that the solve chose, be they up or not, so that
    /// a failing edge's clients never add to those turned away.
    /// </summary>
    private bool Overflows(in Entry entry, ulong key)
    {
        ulong distance = StableChoice.Distance(key, StableChoice.OverflowSeed);
        for (int i = 0; i < entry.Edges.Length && entry.Weights[i] > 0; i++)
        {
            ulong seed = _seeds[entry.Edges[i]];
            if (StableChoice.IsBefore(StableChoice.Distance(key, seed), entry.Weights[i], seed, distance, entry.Overflow, StableChoice.OverflowSeed))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The usable edges as the entry lists them: best first.</summary>
    private static int TakeInOrder(in Listing listing, in Filter usable, Span<EdgeShare> ranked) => Append(listing, 0, usable, ranked, 0);

    /// <summary>The usable chosen edges by their race for the key, then the usable backups by rank.</summary>
    private int Rank(in Listing listing, ulong key, in Filter usable, Span<EdgeShare> ranked)
    {
        Entry entry = listing.Entry;
        Span<Racer> racers = stackalloc Racer[Math.Min(Math.Min(ranked.Length, entry.Edges.Length), MaxRanked)];
        int count = 0, at = 0;
        for (; at < entry.Edges.Length && entry.Weights[at] > 0; at++)
        {
            if (racers.IsEmpty || !usable.Allows(entry.Edges[at])) continue;
            ulong seed = _seeds[entry.Edges[at]];
            count = Insert(new(StableChoice.Distance(key, seed), seed, entry.Edges[at], entry.Weights[at]), racers, count);
        }
        for (int i = 0; i < count; i++) ranked[i] = new(racers[i].Edge, racers[i].Weight);
        return Append(listing, at, usable, ranked, count);
    }

    // The rest of the entry; under a failover then the main entry's edges that have no share in it, as backups.
    private static int Append(in Listing listing, int from, in Filter usable, Span<EdgeShare> ranked, int count)
    {
        int room = Math.Min(ranked.Length, MaxRanked);
        Entry entry = listing.Entry;
        for (int i = from; i < entry.Edges.Length && count < room; i++)
        {
            if (usable.Allows(entry.Edges[i])) ranked[count++] = new(entry.Edges[i], entry.Weights[i]);
        }
        foreach (ushort edge in listing.Main.Edges)
        {
            if (count >= room) break;
            if (usable.Allows(edge) && !entry.Edges.Contains(edge)) ranked[count++] = new(edge, 0);
        }
        return count;
    }

    /// <summary>Keeps the best racers in order; the worst drops out where there is no room.</summary>
    private static int Insert(in Racer racer, Span<Racer> racers, int count)
    {
        int at = count;
        while (at > 0 && racer.IsBefore(racers[at - 1])) at--;
        if (at == racers.Length) return count;
        int kept = Math.Min(count, racers.Length - 1);
        racers[at..kept].CopyTo(racers[(at + 1)..]);
        racers[at] = racer;
        return kept + 1;
    }

    /// <summary>The array inside; nobody writes to it.</summary>
    private static T[] Array<T>(ImmutableArray<T> array) => ImmutableCollectionsMarshal.AsArray(array)!;

    /// <summary>Edges with their weights, and the overflow's.</summary>
    public readonly ref struct Entry(ReadOnlySpan<ushort> edges, ReadOnlySpan<ushort> weights, ushort overflow)
    {
        public ReadOnlySpan<ushort> Edges { get; } = edges;

        public ReadOnlySpan<ushort> Weights { get; } = weights;

        public ushort Overflow { get; } = overflow;
    }

    /// <summary>What a decision may choose from: an entry, or a failover's row with the main entry behind it.</summary>
    private readonly ref struct Listing(Entry entry, Entry main, bool isFailover)
    {
        public Entry Entry { get; } = entry;

        public Entry Main { get; } = main;

        public bool IsFailover { get; } = isFailover;

        public bool IsEmpty => Entry.Edges.IsEmpty && Main.Edges.IsEmpty;
    }

    private readonly record struct Client(ulong Key, int Region, string Network, int ScopeLength, int MatchedLength);

    private readonly record struct Racer(ulong Distance, ulong Seed, ushort Edge, ushort Weight)
    {
        public bool IsBefore(in Racer other) =>
            StableChoice.IsBefore(Distance, Weight, Seed, other.Distance, other.Weight, other.Seed);
    }

    private readonly ref struct Filter(ReadOnlySpan<ulong> barred, ReadOnlySpan<ushort> excluded, ReadOnlySpan<ulong> down)
    {
        private readonly ReadOnlySpan<ulong> _barred = barred, _down = down;
        private readonly ReadOnlySpan<ushort> _excluded = excluded;

        public bool Allows(ushort edge) => !IsSet(_barred, edge) && !IsSet(_down, edge) && !_excluded.Contains(edge);

        public static bool IsSet(ReadOnlySpan<ulong> bits, ushort edge) =>
            edge >> 6 < bits.Length && (bits[edge >> 6] >> (edge & 63) & 1) != 0;
    }
}
