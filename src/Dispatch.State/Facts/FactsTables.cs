using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>The tables that a stored world is made of, in the order in which they are read. Schema 1.</summary>
internal static class FactsTables
{
    /// <summary>Who there is; all other tables speak of its rows by their order.</summary>
    public const string Places = "places";

    /// <summary>The matrix of loss, the one table that a world may lack.</summary>
    public const string Loss = "loss";

    /// <summary>All of them.</summary>
    public static ImmutableArray<FactsTable> All { get; } =
    [
        new SingleRow(Places, PlaceRows.Write, PlaceRows.Read),
        new SingleRow("capacity", FigureRows.WriteCapacity, FigureRows.ReadCapacity),
        new SingleRow("cost", FigureRows.WriteCost, FigureRows.ReadCost),
        new SingleRow("demand", FigureRows.WriteDemand, FigureRows.ReadDemand),
        new MatrixTable("latency", static (f, r) => f.Rtt.Row(r), static _ => true,
            static (f, cells) => f with { Rtt = new RttMatrix(f.Regions.Length, f.Edges.Length, cells) }),
        new MatrixTable(Loss, static (f, r) => f.Loss!.Row(r), static f => f.Loss is not null,
            static (f, cells) => f with { Loss = new LossMatrix(f.Regions.Length, f.Edges.Length, cells) }),
        new SingleRow("links", NetworkRows.WriteLinks, NetworkRows.ReadLinks),
        new SingleRow("contracts", NetworkRows.WriteContracts, NetworkRows.ReadContracts),
        new SingleRow("services", ServiceRows.Write, ServiceRows.Read),
        new SingleRow("law", ServiceRows.WriteLaw, ServiceRows.ReadLaw),
        new SingleRow("health", ServiceRows.WriteHealth, ServiceRows.ReadHealth),
        new SingleRow("streams", ServiceRows.WriteStreams, ServiceRows.ReadStreams),
        new PrefixTable("prefixes"),
    ];

    /// <summary>Facts of a world of which nothing is read yet.</summary>
    public static WorldFacts Nothing(string version) => new()
    {
        Version = version,
        Regions = [],
        Edges = [],
        Rtt = new RttMatrix(0, 0, []),
        Diurnal = DiurnalCurve.Flat,
    };
}
