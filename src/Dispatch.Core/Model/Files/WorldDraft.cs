namespace TrafficDispatch.Model.Files;

/// <summary>What the tables of one load share: the folder, the ids that each table defined, and the law's codes.</summary>
internal sealed class WorldDraft
{
    public WorldDraft(WorldFiles files)
    {
        Files = files;
        EdgeRelayLinks = new(LinkTables.EdgeRelayFile, Edges, Relays);
        RelayRelayLinks = new(LinkTables.RelayRelayFile, Relays, Relays);
        RelayOriginLinks = new(LinkTables.RelayOriginFile, Relays, Origins);
    }

    public WorldFiles Files { get; }

    public FaultLog Log => Files.Log;

    public Jurisdictions Jurisdictions { get; } = new();

    public IdIndex Regions { get; } = new("region", PlaceTables.RegionsFile);

    public IdIndex Edges { get; } = new("edge", PlaceTables.EdgesFile);

    public IdIndex Relays { get; } = new("relay", PlaceTables.RelaysFile);

    public IdIndex Origins { get; } = new("origin", PlaceTables.OriginsFile);

    public IdIndex Classes { get; } = new("class", ServiceTables.ClassesFile);

    public IdIndex Services { get; } = new("service", ServiceTables.ServicesFile);

    public LinkIndex EdgeRelayLinks { get; }

    public LinkIndex RelayRelayLinks { get; }

    public LinkIndex RelayOriginLinks { get; }

    /// <summary>
    /// Opens a table that defines ids. Where it should be there and cannot be read, its ids count as incomplete, so that nobody
    /// complains about references to them.
    /// </summary>
    public TableReader? Open(IdIndex ids, string name, bool required)
    {
        TableReader? table = TableReader.Open(Files, name, required);
        if (table is null && (required || Files.Exists(name))) ids.IsComplete = false;
        return table;
    }
}
