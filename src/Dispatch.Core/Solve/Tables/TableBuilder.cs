using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>Makes a routing table's content from a certified assignment. Pure: the same assignment and prefixes give the same bytes.</summary>
public static class TableBuilder
{
    /// <summary>Builds the content.</summary>
    /// <param name="assignment">An optimum of the full objective.</param>
    /// <param name="prefixes">Addresses to locations; shared with other tables.</param>
    /// <param name="locations">What the prefixes point at.</param>
    /// <param name="now">Streams that have expired by then are not planned; the default lets none expire.</param>
    /// <exception cref="ArgumentException">
    /// The assignment is one of the reference objective, which knows no services; or a stream of a world made in code is at fault.
    /// </exception>
    public static TableContent Build(
        Assignment assignment, PrefixIndex prefixes, ImmutableArray<ClientLocation> locations, DateTimeOffset now = default)
    {
        if (assignment.Model is not FullCost model)
            throw new ArgumentException("A table is made from the full objective; the reference objective knows no services.", nameof(assignment));
        World world = assignment.Snapshot.World;
        StreamRegistry registry = StreamRegistry.Of(world);
        int[] byKey = [.. Enumerable.Range(0, registry.Streams.Length).OrderBy(s => registry.Streams[s].Key, StringComparer.Ordinal)];
        StreamPlan streams = StreamPlanner.Plan(world, StreamAudience.Of(assignment.Published, registry, now));
        (PathRows paths, StreamRows streamPaths) = PathTable.Build(world, streams, byKey);
        return new TableContent
        {
            WorldVersion = world.Version,
            UtcHour = assignment.Snapshot.UtcHour,
            Regions = [.. world.Regions.Select(r => new TableRegion(r.Id, r.Place.City, r.Jurisdiction, world.Law.Binds(r)))],
            Locations = locations,
            Prefixes = prefixes,
            Edges = [.. world.Edges.Select(e => EdgeOf(world, e))],
            Relays = [.. world.Relays.Select(static r => new TableRelay(r.Id, r.Place.City, r.Jurisdiction, r.FaultDomain))],
            Origins = [.. world.Origins.Select(o => new TableOrigin(o.Id, o.Place.City, o.Jurisdiction, o.FaultDomain, world.Law.IsBound(o.Jurisdiction)))],
            Services = [.. world.Services.Select((s, i) => ServiceOf(s, model.Profiles.OfService[i]))],
            Entries = Entries(assignment, model),
            Endpoints = EndpointTable.Build(world),
            Paths = paths,
            Streams = [.. byKey.Select(s => StreamOf(registry, s))],
            StreamPaths = streamPaths,
            Ingest = IngestTable.Build(streams),
        };
    }

    /// <summary>The locations of a world whose prefixes point straight at its regions.</summary>
    public static ImmutableArray<ClientLocation> RegionLocations(World world) =>
        [.. Enumerable.Range(0, world.Regions.Length).Select(static r => new ClientLocation(r, ""))];

    private static TableEdge EdgeOf(World world, Edge edge) =>
        new(edge.Id, edge.Operator, edge.Place.City, edge.Jurisdiction, edge.FaultDomain, StateOf(world, edge));

    /// <summary>Up with a factor of 0 serves nobody either: it counts as down.</summary>
    private static HealthState StateOf(World world, Edge edge)
    {
        NodeHealth health = world.Health.Of(edge);
        return health.CanServe ? HealthState.Up : health.State == HealthState.Drained ? HealthState.Drained : HealthState.Down;
    }

    private static TableStream StreamOf(StreamRegistry registry, int stream) => new(registry.Streams[stream].Key, registry.Origin(stream))
    {
        ExpiresUnixMilliseconds = registry.Streams[stream].Expires?.ToUnixTimeMilliseconds() ?? TableStream.Never,
        BitrateKbps = registry.Kbps(stream),
    };

    private static TableService ServiceOf(Service service, int profile) => new(
        service.Id, service.Hostnames, profile, service.TtlSeconds, service.OverCapacity, service.AllDown, service.FallbackHost);

    private static EntryRows Entries(Assignment assignment, FullCost model)
    {
        int width = model.Profiles.Profiles.Length, regions = assignment.Snapshot.World.Regions.Length;
        EntryBuilder entries = new(assignment.Snapshot.World);
        long[] row = new long[assignment.Snapshot.World.Edges.Length];
        for (int p = 0; p < width; p++)
        {
            DefaultRoute fallback = new(assignment);
            for (int r = 0; r < regions; r++)
            {
                int group = r * width + p;
                model.Row(group, row);
                fallback.Count(model.Groups[group], row);
                AddGroup(entries, assignment, group, row);
            }
            (List<(int, long)> chosen, long[] rank) = fallback.Build();
            entries.Add(chosen, 0, rank);
        }
        return entries.Build(width);
    }

    /// <summary>A group's entry. <paramref name="row"/> holds its costs and is used up.</summary>
    private static void AddGroup(EntryBuilder entries, Assignment assignment, int group, long[] row)
    {
        TrafficPlan plan = assignment.Published;
        if (Array.TrueForAll(row, static c => c == CostModel.NotAllowed))
        {
            AddAllDown(entries, assignment, group, row);
            return;
        }
        assignment.ToReducedCosts(group, row);
        List<(int, long)> chosen = [];
        ReadOnlySpan<int> edges = plan.Edges(group);
        for (int i = 0; i < edges.Length; i++) chosen.Add((edges[i], plan.Volumes(group)[i]));
        if (assignment.Model.Groups[group].Demand == 0) chosen.Add((Array.IndexOf(row, row.Min()), 1));
        entries.Add(chosen, plan.Unserved(group), row);
    }

    /// <summary>
    /// An entry for a group that nothing healthy may serve: what the law allows, nearest cost first. The table knows that those edges are
    /// down, so the service's all-down policy decides what becomes of them. Without any the entry stays empty.
    /// </summary>
    private static void AddAllDown(EntryBuilder entries, Assignment assignment, int group, long[] row)
    {
        assignment.Model.RowWhateverHealth(group, row);
        long cheapest = row.Min();
        List<(int, long)> first = cheapest == CostModel.NotAllowed ? [] : [(Array.IndexOf(row, cheapest), 1)];
        entries.Add(first, 0, row);
    }
}
