using System.Collections.Immutable;
using System.Diagnostics;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Solve.Failure;

/// <summary>
/// Tries every failure on a plan: one warm re-solve each, in parallel, from the plan's own basis, proved; and what would fix what cannot be
/// absorbed.
/// </summary>
/// <remarks>
/// A failure closes the failed edges' own arcs in the plan's network; bounds that yield, such as sticky sessions, yield. Edges that were left
/// out of a group's candidates are priced with the failure's duals; those that would help join for all failures, and the failures
/// they help are solved again, until none helps: then each outcome is the optimum of the world without the failed edges. Outcomes
/// depend on neither the number of threads nor each other. Memory: a fork of the session a thread, and what changed in each outcome.
/// </remarks>
public sealed class FailureSweep
{
    private readonly Assignment _main;
    private readonly FailureOptions _options;
    private readonly ImmutableArray<FailureScenario> _scenarios;
    private readonly FailureNetwork _network;
    private readonly CandidatePricing? _pricing;
    private readonly FailureReading _reading;
    private readonly FailureOutcome[] _outcomes;
    private readonly List<(int Group, int Edge)>[] _improving;
    private long _pricedGroups;

    private FailureSweep(Assignment main, FailureOptions options, CancellationToken cancellation)
    {
        (_main, _options) = (main, options);
        _scenarios = [.. FailureScenario.AllOf(main.Snapshot.World, options.Operators).Where(s => options.Except?.Contains(s.Name) != true)];
        _network = new FailureNetwork(main, cancellation);
        _pricing = options.AllEdges ? new CandidatePricing(main) : null;
        _reading = new FailureReading(main, _network);
        _outcomes = new FailureOutcome[_scenarios.Length];
        _improving = [.. _scenarios.Select(static _ => new List<(int, int)>())];
    }

    /// <summary>Tries all failures.</summary>
    /// <param name="main">The main plan.</param>
    /// <param name="options">Which failures and how; defaults where null.</param>
    /// <param name="progress">Told after each solve, one at a time on the sweep's threads; may be null.</param>
    /// <param name="cancellation">Ends the run; nothing half-done is returned.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="InvalidOperationException">An outcome failed its proof, which is a defect of the solver.</exception>
    public static FailureReport Run(
        Assignment main, FailureOptions? options = null, Action<FailureProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(main);
        options ??= FailureOptions.Default;
        Assignment start = options.MoveCost is { } cost ? InForce(main, cost, cancellation) : main;
        return new FailureSweep(start, options, cancellation).Run(progress, cancellation);
    }

    // The same plan, held to itself: no other is as good where a move costs something, and it is no worse where none does.
    private static Assignment InForce(Assignment main, long moveCost, CancellationToken cancellation)
    {
        SolveOptions options = main.Model.Options with { Continuity = new Continuity(main.Optimum) { MoveCost = moveCost } };
        SolveResult result = DispatchSolver.Solve(main.Snapshot, options, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return result.Assignment ?? throw new InvalidOperationException($"The plan in force cannot be solved again: {result.Cause}");
    }

    private FailureReport Run(Action<FailureProgress>? progress, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        int[] left = [.. Enumerable.Range(0, _scenarios.Length)];
        int round = 0;
        while (left.Length > 0)
        {
            Solve(left, ++round, progress, cancellation);
            left = [.. left.Where(i => _improving[i].Count > 0)];
            if (left.Length > 0) _network.Add(left.SelectMany(i => _improving[i]));
        }
        if (_options.Fixes) FindFixes(cancellation);
        return new FailureReport
        {
            Main = _main,
            MainServedCost = _main.Trace.Objective - _reading.MainCharge,
            Outcomes = [.. _outcomes],
            OverAllEdges = _pricing is not null,
            Rounds = round,
            AddedCandidates = _network.AddedCount,
            PricedGroups = _pricedGroups,
            Elapsed = Stopwatch.GetElapsedTime(started),
        };
    }

    private void Solve(int[] which, int round, Action<FailureProgress>? progress, CancellationToken cancellation)
    {
        int done = 0;
        SweepOptions options = new() { Threads = _options.Threads, Inspect = (outcome, session) => Inspect(which[outcome.Index], outcome, session) };
        SweepCase[] cases = [.. which.Select(i => _network.CaseOf(_scenarios[i]))];
        FlowSweep.Run(_network.Session, cases, options, outcome =>
        {
            if (outcome.Status != FlowStatus.Optimal && outcome.Status != FlowStatus.BudgetEnded)
                throw new InvalidOperationException($"{outcome.Name} ended {outcome.Status}; a network in which everything can overflow always has a flow.");
            progress?.Invoke(new(round, ++done, which.Length));
        }, cancellation);
        cancellation.ThrowIfCancellationRequested();
    }

    private void Inspect(int index, SweepOutcome outcome, FlowSession session)
    {
        FailureScenario scenario = _scenarios[index];
        ScenarioPrices prices = _reading.PricesOf(outcome, session);
        _outcomes[index] = _reading.OutcomeOf(scenario, outcome, prices);
        _improving[index].Clear();
        if (_pricing is not null) Interlocked.Add(ref _pricedGroups, _pricing.Price(_network, scenario, prices.Groups, prices.Entry, _improving[index]));
        if (_improving[index].Count == 0) _options.Settled?.Invoke(_outcomes[index]);
    }

    private void FindFixes(CancellationToken cancellation)
    {
        int[] open = [.. Enumerable.Range(0, _outcomes.Length).Where(i => !_outcomes[i].IsAbsorbed)];
        if (open.Length == 0) return;
        FailureFix[] fixes = new FixSearch(_main, _network, _options.Threads).Find([.. open.Select(i => _outcomes[i])], cancellation);
        for (int i = 0; i < open.Length; i++) _outcomes[open[i]] = _outcomes[open[i]] with { Fix = fixes[i] };
    }
}
