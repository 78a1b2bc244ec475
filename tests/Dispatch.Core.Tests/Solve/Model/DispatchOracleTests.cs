using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Core.Tests.Solve.Model;

public sealed class DispatchOracleTests
{
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 11UL).WithMaxTest(count);

    [Fact]
    public void Solve_EveryFeature_IsTheBestOfAllSplits()
    {
        int whole = 0, shedsLowerAlone = 0, breaks = 0;
        Check.One(Runs(500), Prop.ForAll(SmallDispatches.All, p =>
        {
            (Assignment a, PlainObjective plain) = Solved(p);
            Score solved = ExhaustiveDispatch.Of(plain, a.Optimum), best = ExhaustiveDispatch.Best(plain, SmallDispatch.Step);
            if (best is { First: 0, Second: 0 }) whole++;
            if (best is { First: 0, Second: > 0 }) shedsLowerAlone++;
            if (best.Broken > 0) breaks++;
            return (solved == best).Label($"solved {solved}, best {best}: {SmallDispatches.Describe(p)}");
        }));
        // The property says something on every rung of the ladder.
        Assert.True(Math.Min(whole, Math.Min(shedsLowerAlone, breaks)) >= 20, $"served {whole}, shed the lower alone {shedsLowerAlone}, broke bounds {breaks}");
    }

    [Fact]
    public void Solve_EveryFeature_KeepsEveryHardRule() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.All, static p =>
        {
            (Assignment a, PlainObjective plain) = Solved(p);
            string faults = string.Join("; ", ExhaustiveDispatch.Faults(plain, a.Optimum));
            return (faults.Length == 0).Label($"{faults}: {SmallDispatches.Describe(p)}");
        }));

    [Fact]
    public void Trace_EveryFeature_StatesThePlansOwnObjective() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.All, static p =>
        {
            (Assignment a, PlainObjective plain) = Solved(p);
            Score s = ExhaustiveDispatch.Of(plain, a.Optimum);
            Int128 charged = s.Soft + (Int128)s.Broken * a.Model.HardCharge;
            for (int g = 0; g < plain.Groups; g++) charged += (Int128)a.Optimum.Unserved(g) * a.Model.UnservedCost(g);
            bool holds = a.Trace.Objective == charged && a.Optimum.Objective() == charged && a.Trace.Certificate.Valid;
            return holds.Label($"trace {a.Trace.Objective}, plan {a.Optimum.Objective()}, plain {charged}: {SmallDispatches.Describe(p)}");
        }));

    [Fact]
    public void Solve_FewCandidates_IsWorthTheSameAsAll() =>
        Check.One(Runs(300), Prop.ForAll(SmallDispatches.All, static p =>
        {
            (Assignment all, PlainObjective plain) = Solved(p);
            (Assignment one, _) = Solved(p, candidates: 1);
            Score few = ExhaustiveDispatch.Of(plain, one.Optimum), every = ExhaustiveDispatch.Of(plain, all.Optimum);
            return (few == every && one.Trace.Certificate.Valid && one.Trace.Objective == all.Trace.Objective)
                .Label($"one {few}, all {every}: {SmallDispatches.Describe(p)}");
        }));

    private static (Assignment Assignment, PlainObjective Plain) Solved(SmallDispatch problem, int candidates = 64)
    {
        SolveOptions options = problem.ToOptions() with { Candidates = candidates };
        SolveResult result = DispatchSolver.Solve(problem.ToSnapshot(), options);
        Assert.Equal(FlowStatus.Optimal, result.Status);
        return (result.Assignment!, new PlainObjective(problem.ToSnapshot(), options));
    }
}
