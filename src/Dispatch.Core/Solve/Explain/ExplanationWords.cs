using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Explain;

/// <summary>Puts the figures of an explanation into sentences.</summary>
internal sealed class ExplanationWords(
    Assignment assignment, int group, int edge, ImmutableArray<BindingBound> bounds, UnitCost cost, long reduced)
{
    private readonly World _world = assignment.Snapshot.World;
    private readonly FullCost _model = (FullCost)assignment.Model;

    private TrafficClass Class => _world.Classes[_model.Profiles.Profiles[_model.Groups[group].Profile].Class];

    private Edge Edge => _world.Edges[edge];

    // Of several full bounds the one that is worth most.
    private BindingBound Worst => bounds.MaxBy(static b => b.Value)!;

    /// <summary>The reason.</summary>
    public string Why(EdgeVerdict verdict) => verdict switch
    {
        EdgeVerdict.Serves => Text($"{Edge.Id} serves {Share()} of the group: a unit costs {Parts()}, as little as anywhere with room"),
        EdgeVerdict.AsGood => Text($"a unit at {Edge.Id} would cost {Parts()}, no more than where it is served; ties are broken by the solver"),
        EdgeVerdict.Full => Text($"{Bound(Worst)} is full, and others lose more without it: a unit here costs {Parts()}, {Usd(reduced)} too much"),
        _ => Text($"{Edge.Id} has room, but a unit costs {Parts()}, {Usd(reduced)} more than where the group is served"),
    };

    /// <summary>What would change it.</summary>
    public string Change(EdgeVerdict verdict) => verdict switch
    {
        EdgeVerdict.Serves or EdgeVerdict.AsGood => Leaves(),
        EdgeVerdict.Full => Text($"more room at {Bound(Worst)}: each Mbit/s of it saves {Usd(Worst.Value)} an hour; or {Cheaper()}"),
        _ => Cheaper(),
    };

    /// <summary>Reason and change for an edge that is not allowed.</summary>
    public static (string Why, string Change) Forbidden(
        EdgeVerdict verdict, World world, ClientGroup group, int edge, TrafficClass cls, double reach, double rtt, double loss, NodeHealth health)
    {
        ClientRegion region = world.Regions[group.Region];
        Edge e = world.Edges[edge];
        return verdict switch
        {
            EdgeVerdict.Law => (
                Text($"the law of {region.Jurisdiction} does not let {region.Id}'s traffic be served in {e.Jurisdiction}"),
                Text($"a rule in allowed.csv that names {e.Jurisdiction} for edges of {region.Jurisdiction}; nothing else, failures included, opens it")),
            EdgeVerdict.Health => (Text($"{e.Id} is {Health(health)}"), Text($"{e.Id} up again, with a health factor above 0")),
            EdgeVerdict.Service => (
                Text($"the service admits neither {e.Id} nor operator {e.Operator}"), Text($"{e.Id} or {e.Operator} in the service's edges or operators (services.csv)")),
            EdgeVerdict.TooFar => (
                Text($"{e.Id} is {rtt:0.#} ms away, and class {cls.Id} goes no farther than {reach:0.#} ms"),
                Text($"a round trip shorter by {rtt - reach:0.#} ms, or max_rtt_ms of {cls.Id} at {Math.Ceiling(rtt):0}")),
            _ => (
                Text($"the way to {e.Id} loses {loss * 100:0.##} %, and class {cls.Id} bears no more than {(cls.MaxLoss ?? 1) * 100:0.##} %"),
                Text($"loss below {(cls.MaxLoss ?? 1) * 100:0.##} % on that way, or another max_loss_percent of {cls.Id}")),
        };
    }

    private string Leaves()
    {
        long[] row = new long[_world.Edges.Length];
        _model.Row(group, row);
        assignment.ToReducedCosts(group, row);
        long next = long.MaxValue;
        int other = -1;
        for (int e = 0; e < row.Length; e++)
            if (e != edge && row[e] < next) (next, other) = (row[e], e);
        if (other < 0) return "no other edge is allowed to serve the group: without this one it is unserved";
        return next == 0
            ? Text($"any rise of its cost: {_world.Edges[other].Id} is as good")
            : Text($"a rise of its cost by {Usd(next)}, or as much off {_world.Edges[other].Id}, the next best");
    }

    private string Cheaper()
    {
        string nearer = Class.LatencyWeight > 0 ? Text($", a round trip shorter by {reduced / Class.LatencyWeight:0.##} ms") : "";
        return Text($"a price lower by {Usd(reduced)} per Mbit/s and hour ({reduced / 1e6 / Price.GbPerMbpsHour:0.#####} USD a GB){nearer}, or more demand or failures elsewhere");
    }

    private string Share()
    {
        long demand = _model.Groups[group].Demand;
        return demand == 0 ? "nothing" : Text($"{100.0 * assignment.Optimum.Volume(group, edge) / demand:0.#} %");
    }

    private string Parts()
    {
        List<string> parts = [];
        void Add(long part, string name)
        {
            if (part != 0) parts.Add(Text($"{name} {Usd(part)}"));
        }

        Add(cost.Money, "price");
        Add(cost.Latency, "round trip");
        Add(cost.Loss, "loss");
        Add(cost.Move, "move");
        Add(cost.Door, "congestion, contracts and scarce room");
        return parts.Count == 0 ? "nothing" : parts.Count == 1 ? parts[0] : Text($"{Usd(cost.Total)} ({string.Join(", ", parts)})");
    }

    private static string Bound(BindingBound bound) => bound.Kind switch
    {
        "edge" => Text($"edge {bound.Id} ({bound.Room / 1000.0:0.###} Gbps)"),
        "contract" => Text($"contract {bound.Id} ({bound.Room / 1000.0:0.###} Gbps)"),
        _ => Text($"the peering of {bound.Id} ({bound.Room / 1000.0:0.###} Gbps)"),
    };

    private static string Health(NodeHealth health) =>
        health.State switch { HealthState.Drained => "drained", HealthState.Down => "down", _ => "up with a health factor of 0" };

    private static string Usd(long microUsd) => Text($"{microUsd / 1e6:0.######} USD");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
