using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>
/// Reads a world folder: the tables that <c>data/world/README.md</c> describes, plain or gzipped, in UTF-8. Thread-safe; no state
/// between calls.
/// </summary>
public static class WorldFolder
{
    /// <summary>
    /// Loads a folder and checks every row of every table that is read, and every reference between them. All faults are reported
    /// together; with any fault there is no world at all.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="parts">What to read. The version names what was read, so different parts have different versions.</param>
    /// <returns>The world, or the faults. The same files give the same result.</returns>
    /// <remarks>Linear in the size of the files. Never throws for what a file holds; files that cannot be read are faults.</remarks>
    public static WorldLoadResult Load(string directory, WorldParts parts = WorldParts.All) => Load(directory, parts, new WorldLimits());

    /// <summary>
    /// Writes a world as a folder that <see cref="Load(string, WorldParts)"/> gives back fact by fact; only the version differs, since it names
    /// the text of the files. Columns that a loaded folder had besides are not part of a world and not written.
    /// </summary>
    /// <param name="world">The world; its prefixes are written as they are, none where none were loaded.</param>
    /// <param name="directory">The folder; made where it is not there, its tables replaced.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static void Write(World world, string directory)
    {
        Directory.CreateDirectory(directory);
        new WorldWriter(directory, world).WriteAll();
    }

    /// <summary>
    /// Reads <c>health.csv</c> alone, so that a node that is down is known before the whole folder is loaded. The form of every row is checked;
    /// whether the nodes that it names exist is left to <see cref="Load(string, WorldParts)"/>.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The statements, none where there is no such file; or the faults. Linear in the size of the file.</returns>
    public static HealthReadResult ReadHealth(string directory)
    {
        FaultLog log = new(new WorldLimits().Listed);
        WorldDraft draft = new(new WorldFiles(directory, new WorldLimits(), log));
        // Nothing else is read, so no id can be called unknown.
        foreach (IdIndex nodes in (IdIndex[])[draft.Edges, draft.Relays, draft.Origins]) nodes.IsComplete = false;
        ImmutableArray<HealthStatement> statements = LawTables.ReadHealth(draft, ImmutableHashSet<string>.Empty, ImmutableHashSet<string>.Empty);
        return new(log.FaultCount == 0 ? statements : [], log.Faults);
    }

    internal static WorldLoadResult Load(string directory, WorldParts parts, WorldLimits limits)
    {
        FaultLog log = new(limits.Listed);
        if (!Directory.Exists(directory)) log.Fault(directory, "must be a folder");
        WorldFacts? facts = log.FaultCount == 0 ? Read(new WorldDraft(new WorldFiles(directory, limits, log)), parts) : null;
        World? world = log.FaultCount == 0 && facts is not null ? new World(facts) : null;
        return new(world, log.Faults, log.Warnings, log.FaultCount, log.WarningCount);
    }

    private static WorldFacts Read(WorldDraft draft, WorldParts parts)
    {
        ImmutableArray<ClientRegion> regions = PlaceTables.ReadRegions(draft);
        WorldFacts facts = new()
        {
            Version = "reading",
            Regions = regions,
            Edges = [],
            Rtt = new RttMatrix(regions.Length, 0, []),
            Diurnal = DiurnalCurve.Flat,
        };
        if (parts.HasFlag(WorldParts.Network)) facts = ReadNetwork(draft, facts);
        if (parts.HasFlag(WorldParts.Prefixes)) facts = facts with { Prefixes = PrefixTables.Read(draft) };
        return facts with { Version = draft.Files.Version() };
    }

    private static WorldFacts ReadNetwork(WorldDraft draft, WorldFacts facts)
    {
        ImmutableArray<Edge> edges = PlaceTables.ReadEdges(draft);
        ImmutableArray<Relay> relays = PlaceTables.ReadRelays(draft);
        ImmutableArray<Origin> origins = PlaceTables.ReadOrigins(draft);
        if (draft.Regions.IsComplete && draft.Edges.IsComplete) draft.Jurisdictions.Judge(draft.Log);
        HashSet<string> operators = [.. edges.Select(static e => e.Operator)];
        HashSet<string> domains =
        [
            .. edges.Select(static e => e.FaultDomain), .. relays.Select(static r => r.FaultDomain), .. origins.Select(static o => o.FaultDomain),
        ];
        ImmutableArray<TrafficClass> classes = ServiceTables.ReadClasses(draft);
        facts = facts with
        {
            Edges = edges,
            Relays = relays,
            Origins = origins,
            Rtt = DemandTables.ReadMatrix(draft),
            Diurnal = DemandTables.ReadDiurnal(draft),
            EdgeRelayLinks = LinkTables.ReadEdgeRelay(draft),
            RelayRelayLinks = LinkTables.ReadRelayRelay(draft),
            RelayOriginLinks = LinkTables.ReadRelayOrigin(draft),
            Classes = classes,
            Services = ServiceTables.ReadServices(draft, classes, operators),
            Endpoints = EndpointTable.Read(draft),
            AllowedHops = LawTables.ReadAllowed(draft),
            Health = LawTables.ReadHealth(draft, operators, domains),
            Streams = StreamTable.Read(draft),
            Loss = DemandTables.ReadLoss(draft),
        };
        facts = RoomTable.Read(draft, facts);
        facts = facts with { Contracts = ContractTable.Read(draft, edges) };
        WarnOfStranded(draft, facts);
        return facts;
    }

    /// <summary>A region that the law leaves without any edge is served by nobody; the rest of the world is served all the same.</summary>
    private static void WarnOfStranded(WorldDraft draft, WorldFacts facts)
    {
        if (draft.Log.FaultCount > 0) return;
        ResidencyLaw law = new(facts.Regions.Where(static r => r.InJurisdictionOnly).Select(static r => r.Jurisdiction), facts.AllowedHops);
        foreach (ClientRegion region in facts.Regions)
            if (law.IsBound(region.Jurisdiction) && !facts.Edges.Any(e => law.Allows(region, e)))
                draft.Log.Warn(
                    PlaceTables.RegionsFile, $"region '{region.Id}' has no edge that the law of '{region.Jurisdiction}' allows: it is unserved");
    }
}
