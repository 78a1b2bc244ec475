using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Failure;

/// <summary>One round of reserving.</summary>
/// <param name="Tightened">Groups whose reserve is tighter than the formula has it.</param>
/// <param name="Violations">Failures that leave traffic unserved unless others move, though it could be served.</param>
/// <param name="Unserved">What those leave unserved, summed up.</param>
/// <param name="Objective">The plan's objective without any charge for the reserve.</param>
public sealed record ReserveRound(int Tightened, int Violations, Mbps Unserved, Int128 Objective);

/// <summary>A plan with a reserve beside the one without.</summary>
/// <param name="Plan">The plan of the best round: least charged for violations, then cheapest.</param>
/// <param name="Without">The plan without a reserve, as round 0.</param>
/// <param name="Rounds">Round 0 without a reserve, then by the formula, then tightened.</param>
/// <param name="Best">The round whose plan it is.</param>
/// <param name="Groups">The groups that keep a reserve.</param>
/// <param name="Failures">All failures re-solved freely from the plan without a reserve, certified: what could be served at all.</param>
public sealed record ReserveReport(
    Assignment Plan, Assignment Without, ImmutableArray<ReserveRound> Rounds, int Best, ImmutableArray<ReserveGroup> Groups, FailureReport Failures)
{
    /// <summary>What the reserve costs: the plan's objective above the one without, neither with charges for the reserve.</summary>
    public Int128 Price => Rounds[Best].Objective - Rounds[0].Objective;
}

/// <summary>
/// Reserves room, tries every failure without letting anybody else move, and tightens the reserve where traffic is left unserved that could
/// have been served.
/// </summary>
/// <remarks>
/// The formula is only a start: the failures decide. What a failure can serve at best does not depend on the plan, since everything may move;
/// the warm, certified sweep finds it once. What it serves when only its own traffic moves does. A failure that falls short tightens its own
/// edges: what was left unserved is what they should have carried less, split over them by load, and the charge for more doubles with each round.
/// Room that is missing elsewhere would do as well, but every group around an edge holds edges that do not help; a unit less on an edge that fails is
/// always a unit less to find room for. A few rounds; there is no guarantee to close all gaps, and the report says what is left.
/// </remarks>
public static class ReservePlanner
{
    /// <summary>Plans with a reserve.</summary>
    /// <param name="snapshot">What to solve.</param>
    /// <param name="options">How; <see cref="SolveOptions.Reserve"/> says what to reserve, defaults where it is null.</param>
    /// <param name="failures">Which failures; defaults where null.</param>
    /// <param name="mostRounds">Rounds of tightening at most, 0 or more.</param>
    /// <param name="progress">Told how far the first sweep is; may be null.</param>
    /// <param name="cancellation">Ends the run; nothing half-done is returned.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The snapshot cannot be solved; the message says why.</exception>
    public static ReserveReport Run(
        Snapshot snapshot, SolveOptions? options = null, FailureOptions? failures = null, int mostRounds = 6,
        Action<FailureProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostRounds);
        options ??= SolveOptions.Default;
        Reserve reserve = options.Reserve ?? new Reserve();
        Assignment without = Solve(snapshot, options with { Reserve = null }, cancellation);
        FailureReport free = FailureSweep.Run(without, failures, progress, cancellation);
        Rounds rounds = new(free, Math.Max(1, (failures ?? FailureOptions.Default).Threads));
        rounds.Try(without, 0);
        ImmutableArray<ReserveGroup> groups = [];
        for (int round = 0; round <= mostRounds && rounds.Last.Violations > 0; round++)
        {
            if (round > 0) reserve = rounds.Tighten(reserve);
            Assignment plan = Solve(snapshot, options with { Reserve = reserve }, cancellation);
            groups = ((FullCost)plan.Model).ReserveGroups;
            rounds.Try(plan, reserve.Tightened.Count);
            cancellation.ThrowIfCancellationRequested();
        }
        return new(rounds.BestPlan, without, [.. rounds.All], rounds.Best, groups, free);
    }

    private static Assignment Solve(Snapshot snapshot, SolveOptions options, CancellationToken cancellation)
    {
        SolveResult result = DispatchSolver.Solve(snapshot, options, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return result.Assignment ?? throw new InvalidOperationException($"The plan cannot be solved, {result.Status}: {result.Cause} {result.Remedy}");
    }

    private sealed class Rounds(FailureReport free, int threads)
    {
        // What is cheap to move has moved under the formula; a contract above its commit costs some thousand micro-USD.
        private const int FirstFactor = 16, MostFactor = 1024;

        private readonly CostModel _plain = free.Main.Model;
        private long[] _missing = [], _loads = [];
        private Int128 _bestCharge;

        public List<ReserveRound> All { get; } = [];

        public ReserveRound Last => All[^1];

        public int Best { get; private set; }

        public Assignment BestPlan { get; private set; } = free.Main;

        public void Try(Assignment plan, int tightened)
        {
            TrafficPlan plain = plan.Optimum.Under(_plain);
            _loads = plain.EdgeLoads();
            Evacuation evacuation = new(plain);
            EvacuationOutcome[] held = new EvacuationOutcome[free.Outcomes.Length];
            Parallel.For(0, held.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => held[i] = evacuation.Of(free.Outcomes[i].Scenario));
            Int128 mainCharge = free.Main.Trace.Objective - free.MainServedCost, charge = 0;
            long[] missing = new long[held.Length];
            long mainUnserved = PlanFigures.Of(free.Main.Optimum).Unserved.Value;
            for (int i = 0; i < held.Length; i++)
            {
                Int128 over = held[i].Charge - (free.Outcomes[i].Objective - free.Outcomes[i].ServedCost - mainCharge);
                if (over <= 0) continue;
                charge += over;
                missing[i] = Math.Max(1, held[i].Unserved.Value - (free.Outcomes[i].Unserved.Value - mainUnserved));
            }
            _missing = missing;
            All.Add(new(tightened, missing.Count(static m => m > 0), new(missing.Sum()), plain.Objective()));
            if (All.Count > 1 && (charge, Last.Objective).CompareTo((_bestCharge, All[Best].Objective)) >= 0) return;
            (_bestCharge, Best, BestPlan) = (charge, All.Count - 1, plan);
        }

        public Reserve Tighten(Reserve reserve)
        {
            ImmutableSortedDictionary<string, ReserveTightening> tightened = reserve.Tightened;
            Dictionary<int, long> less = [];
            for (int i = 0; i < _missing.Length; i++) Share(free.Outcomes[i].Scenario, _missing[i], less);
            foreach ((int edge, long units) in less)
            {
                string name = Reserve.EdgeName(_plain.Snapshot.World.Edges[edge].Id);
                long bound = Math.Max(0, _loads[edge] - units);
                tightened = tightened.SetItem(name, new(_plain.Capacity(edge) - bound, tightened.TryGetValue(name, out ReserveTightening before) ? Math.Min(MostFactor, before.Factor * 2) : FirstFactor));
            }
            return reserve with { Tightened = tightened };
        }

        // An edge fails in several scenarios, alone and with its domain: the one that asks for most counts.
        private void Share(FailureScenario scenario, long missing, Dictionary<int, long> less)
        {
            long carried = scenario.Edges.Sum(e => _loads[e]);
            if (missing == 0 || carried == 0) return;
            foreach (int e in scenario.Edges)
            {
                long units = (long)(((Int128)missing * _loads[e] + carried - 1) / carried);
                if (units > 0) less[e] = Math.Max(less.GetValueOrDefault(e), units);
            }
        }
    }
}
