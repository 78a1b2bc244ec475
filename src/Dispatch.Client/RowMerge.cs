using System.Collections.Immutable;
using Google.Protobuf.Collections;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Table;

namespace TrafficDispatch.Client;

/// <summary>Puts rows that came in the place of those of the same key; the others stay. One thread.</summary>
/// <param name="before">What is held; null for nothing.</param>
/// <param name="begin">What the update replaces.</param>
/// <param name="messages">Its rows.</param>
internal sealed class RowMerge(TableContent? before, UpdateBegin begin, List<TableRows> messages)
{
    /// <summary>More entries, or rows of endpoints, than any table has: so many that their arrays would be all that is left of memory.</summary>
    private const long MostRows = 1L << 26;

    private int _regions, _edges;

    /// <summary>The content that they lead to.</summary>
    /// <exception cref="InvalidDataException">A key or a number is out of range.</exception>
    public TableContent Content(PrefixIndex prefixes, ImmutableArray<ClientLocation> locations)
    {
        ImmutableArray<TableRegion> regions = begin.NewRegions || before is null
            ? [.. messages.SelectMany(static m => m.Regions).Select(static r => new TableRegion(r.Id, r.Name, r.Jurisdiction, r.Bound))]
            : before.Regions;
        ImmutableArray<TableEdge> edges = begin.NewEdges || before is null ? [.. messages.SelectMany(static m => m.Edges).Select(EdgeOf)] : before.Edges;
        ImmutableArray<TableService> services = begin.NewServices || before is null ? [.. messages.SelectMany(static m => m.Services).Select(ServiceOf)] : before.Services;
        (_regions, _edges) = (regions.Length, edges.Length);
        if (begin.Profiles * (_regions + 1L) > MostRows || services.Length * (long)_edges > MostRows)
            throw new InvalidDataException($"{begin.Profiles} profiles, {_regions} regions, {services.Length} services and {_edges} edges are more than can be held.");
        return new()
        {
            WorldVersion = begin.WorldVersion,
            UtcHour = (int)Math.Min(begin.UtcHour, 24),
            ClientGranuleV4 = (int)Math.Min(begin.GranuleV4, 255),
            ClientGranuleV6 = (int)Math.Min(begin.GranuleV6, 255),
            Regions = regions,
            Locations = locations,
            Prefixes = prefixes,
            Edges = edges,
            Services = services,
            Entries = Entries(),
            Endpoints = Endpoints(services.Length),
            Failovers = Failovers(),
        };
    }

    private static TableEdge EdgeOf(EdgeRow e) => new(e.Id, e.Operator, e.City, e.Jurisdiction, e.FaultDomain, (HealthState)(int)e.State);

    private static TableService ServiceOf(ServiceRow s) => new(s.Id, [.. s.Hostnames], Small(s.Profile, "profile"), (int)Math.Min(s.Ttl, int.MaxValue),
        (OverCapacityPolicy)(int)s.OverCapacity, (AllDownPolicy)(int)s.AllDown, s.FallbackHost.Length > 0 ? s.FallbackHost : null);

    private static ushort Small(uint value, string what) =>
        value <= ushort.MaxValue ? (ushort)value : throw new InvalidDataException($"A row's {what} is {value}, above {ushort.MaxValue}.");

    private int KeyOf(uint profile, int region)
    {
        if (profile >= begin.Profiles || region < -1 || region >= _regions) throw new InvalidDataException($"There is no entry for profile {profile} and region {region}.");
        return (int)profile * (_regions + 1) + (region < 0 ? _regions : region);
    }

    private EntryRows Entries()
    {
        Dictionary<int, EntryRow> came = [];
        foreach (EntryRow row in messages.SelectMany(static m => m.Entries)) came[KeyOf(row.Profile, row.Region)] = row;
        int count = (int)begin.Profiles * (_regions + 1);
        EntryRows? held = before?.Entries;
        if (held is not null && held.Overflow.Length != count) throw new InvalidDataException("The update's profiles or regions do not fit what is held.");
        if (held is not null && came.Count == 0) return held;
        RowLists lists = new();
        for (int entry = 0; entry < count; entry++)
        {
            if (came.TryGetValue(entry, out EntryRow? row)) lists.Add(row.Edges, row.Weights, row.Overflow);
            else if (held is not null) lists.Add(held.Edge, held.Weight, held.Start[entry], held.Start[entry + 1], held.Overflow[entry]);
            else lists.AddEmpty();
        }
        return new((int)begin.Profiles, [.. lists.Start], [.. lists.Edge], [.. lists.Weight], [.. lists.Overflow]);
    }

    private FailoverRows Failovers()
    {
        FailoverRows held = begin.NewFailovers || before is null ? FailoverRows.None : before.Failovers;
        (ImmutableArray<string> names, ImmutableArray<int> failedStart, ImmutableArray<ushort> failed) = begin.NewFailovers || before is null
            ? Heads() : (held.Name, held.FailedStart, held.Failed);
        SortedDictionary<(int Failover, int Entry), FailoverEntryRow> came = [];
        foreach (FailoverEntryRow row in messages.SelectMany(static m => m.FailoverEntries))
        {
            if (row.Failover >= names.Length) throw new InvalidDataException($"A row is of failover {row.Failover} of {names.Length}.");
            came[((int)row.Failover, KeyOf(row.Profile, row.Region))] = row;
        }
        if (names.Length == 0) return FailoverRows.None;
        for (int f = 0; f < held.Count; f++)
            for (int row = held.RowStart[f]; row < held.RowStart[f + 1]; row++) came.TryAdd((f, held.Entry[row]), Again(held, row));
        RowLists lists = new();
        List<int> entries = [], rowStart = [0];
        int at = 0;
        foreach (((int failover, int entry), FailoverEntryRow row) in came)
        {
            for (; at < failover; at++) rowStart.Add(entries.Count);
            if (row.Removed) continue;
            entries.Add(entry);
            lists.Add(row.Edges, row.Weights, row.Overflow);
        }
        for (; at < names.Length; at++) rowStart.Add(entries.Count);
        return new(names, failedStart, failed, [.. rowStart], [.. entries], [.. lists.Start], [.. lists.Edge], [.. lists.Weight], [.. lists.Overflow], []);
    }

    private (ImmutableArray<string> Names, ImmutableArray<int> Start, ImmutableArray<ushort> Failed) Heads()
    {
        List<string> names = [];
        List<int> start = [0];
        List<ushort> failed = [];
        foreach (FailoverRow head in messages.SelectMany(static m => m.Failovers))
        {
            names.Add(head.Name);
            failed.AddRange(head.Failed.Select(static e => Small(e, "edge")));
            start.Add(failed.Count);
        }
        return ([.. names], [.. start], [.. failed]);
    }

    private static FailoverEntryRow Again(FailoverRows held, int row)
    {
        FailoverEntryRow message = new() { Overflow = held.Overflow[row] };
        for (int i = held.Start[row]; i < held.Start[row + 1]; i++)
        {
            message.Edges.Add(held.Edge[i]);
            message.Weights.Add(held.Weight[i]);
        }
        return message;
    }

    private EndpointRows Endpoints(int services)
    {
        Dictionary<int, EndpointRow> came = [];
        foreach (EndpointRow row in messages.SelectMany(static m => m.Endpoints))
        {
            if (row.Service >= services || row.Edge >= _edges) throw new InvalidDataException($"There is no service {row.Service} at edge {row.Edge}.");
            came[(int)row.Service * _edges + (int)row.Edge] = row;
        }
        EndpointRows held = before?.Endpoints ?? EndpointRows.None;
        if (came.Count == 0) return held;
        List<int> start = [0];
        List<TableEndpoint> all = [];
        for (int row = 0; row < services * _edges; row++)
        {
            if (came.TryGetValue(row, out EndpointRow? message)) all.AddRange(message.Endpoints.Select(static e => new TableEndpoint((Model.EndpointType)((int)e.Type - 1), e.Value)));
            else if (!held.Start.IsEmpty) all.AddRange(held.Endpoint.AsSpan(held.Start[row], held.Start[row + 1] - held.Start[row]));
            start.Add(all.Count);
        }
        return new([.. start], [.. all]);
    }

    /// <summary>Rows of edges with weights, one after the other.</summary>
    private sealed class RowLists
    {
        public List<int> Start { get; } = [0];

        public List<ushort> Edge { get; } = [];

        public List<ushort> Weight { get; } = [];

        public List<ushort> Overflow { get; } = [];

        public void Add(RepeatedField<uint> edges, RepeatedField<uint> weights, uint overflow)
        {
            if (weights.Count > edges.Count) throw new InvalidDataException($"A row has {weights.Count} weights for {edges.Count} edges.");
            for (int i = 0; i < edges.Count; i++)
            {
                Edge.Add(Small(edges[i], "edge"));
                Weight.Add(i < weights.Count ? Small(weights[i], "weight") : (ushort)0);
            }
            Close(Small(overflow, "overflow"));
        }

        public void Add(ImmutableArray<ushort> edges, ImmutableArray<ushort> weights, int start, int end, ushort overflow)
        {
            Edge.AddRange(edges.AsSpan(start, end - start));
            Weight.AddRange(weights.AsSpan(start, end - start));
            Close(overflow);
        }

        public void AddEmpty() => Close(0);

        private void Close(ushort overflow)
        {
            Start.Add(Edge.Count);
            Overflow.Add(overflow);
        }
    }
}
