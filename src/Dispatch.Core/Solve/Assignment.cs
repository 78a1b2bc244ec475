using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.Solve.Columns;
using TrafficDispatch.Solve.Loops;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Solve;

/// <summary>The outcome of a solve: who serves whom at the optimum, its proof and prices, and the greedy baseline beside it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class Assignment
{
    // Made when asked for: the loops solve a dozen times and read one plan of each.
    private readonly Lazy<TrafficPlan> _published, _greedy;
    private readonly Lazy<ImmutableArray<Baseline>> _baselines;

    internal Assignment(TrafficPlan optimum, SolveStart start, SolveTrace trace, DualPrices prices)
    {
        Optimum = optimum;
        Start = start;
        Trace = trace;
        Prices = prices;
        _published = new(() => optimum.Model.Options.Continuity is { } held ? Pacing.Step(optimum, held.Pace) : optimum);
        _greedy = new(() => GreedyBaseline.Plan(optimum.Model));
        _baselines = new(() => Baseline.All(this));
    }

    /// <summary>The snapshot that was solved.</summary>
    public Snapshot Snapshot => Model.Snapshot;

    /// <summary>The objective in integers.</summary>
    public CostModel Model => Optimum.Model;

    /// <summary>The optimal plan.</summary>
    public TrafficPlan Optimum { get; }

    /// <summary>The plan to send clients by: the optimum, or a step towards it from the plan in force (<see cref="Pacing"/>).</summary>
    public TrafficPlan Published => _published.Value;

    /// <summary>The greedy plan on the same input.</summary>
    public TrafficPlan Greedy => _greedy.Value;

    /// <summary>
    /// What simpler rules make of the same input: <c>nearest</c>, <c>weighted-nearest</c> and <c>greedy-with-spill</c>, in this order.
    /// Planned when first asked for, O(groups × edges) each.
    /// </summary>
    public ImmutableArray<Baseline> Baselines => _baselines.Value;

    /// <summary>How the optimum was found.</summary>
    public SolveTrace Trace { get; }

    /// <summary>What the loops around the flow came to; null where nothing asked for any.</summary>
    public LoopReport? Loops { get; private init; }

    /// <summary>What more room and more demand would be worth and cost.</summary>
    public DualPrices Prices { get; }

    /// <summary>Settings that contradict each other; what they concern is left out, everybody else is served. Empty where there are none.</summary>
    public ImmutableArray<Contradiction> Contradictions { get; internal init; } = [];

    /// <summary>The candidates of the last solve.</summary>
    internal CandidateRows Rows => Start.Arcs.Rows;

    /// <summary>Where the solve ended: a start for the next one of the same groups and edges.</summary>
    internal SolveStart Start { get; }

    /// <summary>Where the solve ended, to keep and to start the next one from. Made when asked for; O(groups + edges).</summary>
    public StartingPoint StartingPoint => new(Start, StartingPoint.ShapeOf(Model));

    /// <summary>What one more unit of each group would cost, by group ordinal.</summary>
    public ReadOnlySpan<long> GroupPrices => Prices.Groups;

    /// <summary>What one more unit of each edge's capacity would save, at least 0, by edge ordinal.</summary>
    public ReadOnlySpan<long> EdgePrices => Prices.Room[..Snapshot.World.Edges.Length];

    internal Assignment With(LoopReport loops) => new(Optimum, Start, Trace, Prices) { Contradictions = Contradictions, Loops = loops };

    /// <summary>
    /// How much cheaper an edge would have to become to be used by a group; 0 where it is used or would do as well;
    /// <see cref="CostModel.NotAllowed"/> stays as it is.
    /// </summary>
    /// <param name="group">Group ordinal.</param>
    /// <param name="row">In: the group's costs as <see cref="CostModel.Row"/> gives them. Out: reduced costs.</param>
    public void ToReducedCosts(int group, Span<long> row)
    {
        long[] doors = new long[row.Length];
        Prices.Entry.Row(Model.Groups[group].Region, doors);
        for (int e = 0; e < row.Length; e++)
        {
            if (row[e] == CostModel.NotAllowed) continue;
            row[e] = Optimum.Volume(group, e) > 0 ? 0 : Math.Max(0, checked(row[e] + Change(group, e) + doors[e] - Prices.Groups[group]));
        }
    }

    // What a group's first unit at an edge costs or saves against the plan in force: a move, nothing, or sessions that would have stayed.
    private long Change(int group, int edge)
    {
        long prior = Model.Prior.Volume(group, edge);
        return prior == 0 ? Model.MoveCost : Model.Sticky(group, prior) > 0 ? -Model.HardCharge : 0;
    }
}

/// <summary>How an optimum was found.</summary>
/// <param name="Objective">Its value, exact.</param>
/// <param name="Kernel">The solver kernel.</param>
/// <param name="Rounds">Solves until every edge left out was priced and none would improve; at least 1.</param>
/// <param name="Arcs">Candidate arcs of the last solve.</param>
/// <param name="Pivots">Basis changes, all rounds together.</param>
/// <param name="SolveTime">Time in the solver, all rounds together, network building included.</param>
/// <param name="Certificate">The check of the last solve against its network; all edges left out have been priced besides.</param>
public sealed record SolveTrace(
    Int128 Objective, string Kernel, int Rounds, int Arcs, long Pivots, TimeSpan SolveTime, OptimalityCertificate Certificate)
{
    /// <summary>True where the solve began where an earlier one ended (<see cref="SolveOptions.StartingPoint"/>).</summary>
    public bool IsContinued { get; init; }
}

/// <summary>An assignment, or why there is none.</summary>
/// <param name="Status">How the flow solver ended; <see cref="FlowStatus.Optimal"/> with an assignment, any other without.</param>
/// <param name="Assignment">The assignment; null unless optimal and certified.</param>
/// <param name="Cause">Why there is none; empty otherwise.</param>
/// <param name="Remedy">What to do about it; empty otherwise.</param>
public sealed record SolveResult(FlowStatus Status, Assignment? Assignment, string Cause, string Remedy);
