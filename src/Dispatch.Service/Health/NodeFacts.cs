using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Health;

/// <summary>What health needs to know of a node.</summary>
/// <param name="Kind">Edge, relay or origin.</param>
/// <param name="Id">Its id.</param>
/// <param name="Domain">What fails together with it.</param>
/// <param name="Weight">What counts against the cap when it is taken out: an edge's capacity in Mbit/s, 1 for relays and origins; above 0.</param>
public readonly record struct NodeFacts(HealthScope Kind, string Id, string Domain, double Weight)
{
    /// <summary>The nodes of a world. An edge without capacity weighs nothing much.</summary>
    public static IEnumerable<NodeFacts> Of(World world) =>
    [
        .. world.Edges.Select(static e => new NodeFacts(HealthScope.Edge, e.Id, e.FaultDomain, Math.Max(1e-6, e.Capacity.Value * 1000))),
        .. world.Relays.Select(static r => new NodeFacts(HealthScope.Relay, r.Id, r.FaultDomain, 1)),
        .. world.Origins.Select(static o => new NodeFacts(HealthScope.Origin, o.Id, o.FaultDomain, 1)),
    ];

    /// <summary>The nodes of a table, which knows no capacities: all edges weigh the same.</summary>
    public static IEnumerable<NodeFacts> Of(TableContent table) =>
    [
        .. table.Edges.Select(static e => new NodeFacts(HealthScope.Edge, e.Id, e.FaultDomain, 1)),
        .. table.Relays.Select(static r => new NodeFacts(HealthScope.Relay, r.Id, r.FaultDomain, 1)),
        .. table.Origins.Select(static o => new NodeFacts(HealthScope.Origin, o.Id, o.FaultDomain, 1)),
    ];
}

/// <summary>One probe's outcome.</summary>
/// <param name="Vantage">Who probed.</param>
/// <param name="Kind">Kind of the node.</param>
/// <param name="Id">The node.</param>
/// <param name="IsGood">True where it answered as it should.</param>
/// <param name="Number">Rises with each probe of the vantage; 0 where probes are not numbered.</param>
/// <param name="Streak">How many probes of the node in a row came out so, this one among them; below 2 where that is not known.</param>
public readonly record struct Probe(string Vantage, HealthScope Kind, string Id, bool IsGood, ulong Number = 0, uint Streak = 0);

/// <summary>What became of a probe.</summary>
public enum ProbeFate
{
    /// <summary>It counts.</summary>
    Taken,

    /// <summary>It was heard before.</summary>
    Known,

    /// <summary>Its node is not known.</summary>
    Unknown,

    /// <summary>It comes from one vantage too many.</summary>
    TooMany,
}
