using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Bounds, costs and supplies at the ends of 64 bits and at the limits of each kernel: a session says what a cold solve says.</summary>
public sealed class FlowSessionExtremeTests
{
    private static readonly long[] Ends = [
        long.MinValue, long.MinValue + 1, -(1L << 62), -(1L << 60), -(1L << 31), -1, 0, 1, 1L << 23, 1L << 31, 1L << 55, (1L << 59) - 1,
        1L << 59, 1L << 60, 1L << 61, 1L << 62, long.MaxValue - 1, long.MaxValue];

    [Fact]
    public void Solve_EditsAtTheEndsOfTheRange_MatchesAColdSolve()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 1051UL).WithMaxTest(2500), Prop.ForAll(Cases(), session =>
        {
            FlowSession live = SessionPlayer.Open(session.Start.Build(), session.Wish);
            foreach (ScriptStep step in session.Script)
            {
                if (!Apply(step, live) || step.Room == 0) continue; // some are solved together with the next
                SessionResult result = live.Solve();
                FlowNetwork network = live.ToNetwork();
                FlowSolution cold = FlowSolver.Solve(network);
                Assert.Equal(cold.Status, result.Status);
                seen[$"{result.Status} {result.Kernel}"] = seen.GetValueOrDefault($"{result.Status} {result.Kernel}") + 1;
                if (result.Status != FlowStatus.Optimal) continue;
                Assert.Equal(cold.Objective, result.Objective);
                Assert.Empty(OptimalityCertificate.Check(network, live.ToSolution()).Violations);
                Assert.True(live.Certify());
            }

            return true;
        }));
        string[] kernels = ["compact-simplex-32", "compact-simplex-64", "network-simplex", "network-simplex-128"];
        Assert.All(kernels, kernel => Assert.True(seen.GetValueOrDefault($"Optimal {kernel}") >= 20, string.Join(", ", seen)));
        Assert.Contains(seen.Keys, k => k.StartsWith("RejectedInput", StringComparison.Ordinal));
    }

    private static Arbitrary<SessionCase> Cases() => Arb.From(
        from spec in RowNetworks.Small.Generator
        from wish in Gen.Elements(KernelWish.Usual, KernelWish.Compact, KernelWish.CompactWide)
        from count in Gen.Choose(1, 6)
        from script in Gen.ArrayOf(Step(), count)
        select new SessionCase(spec, script, wish), SessionCase.Shrink);

    private static Gen<ScriptStep> Step() =>
        from kind in Gen.Elements(StepKind.Upper, StepKind.Upper, StepKind.Cost, StepKind.Cost, StepKind.Lower, StepKind.Move, StepKind.Bounds)
        from at in Gen.Choose(0, 100)
        from to in Gen.Choose(0, 100)
        from end in Gen.Elements(Ends)
        from near in Gen.Choose(0, 3)
        from room in Gen.Choose(0, 3)
        select new ScriptStep(kind, at, to, near == 0 ? near : end, room);

    // False when the session may refuse the edit, or the supplies would leave 64 bits.
    private static bool Apply(ScriptStep step, FlowSession session)
    {
        if (session.ArcCount == 0) return false;
        int arc = step.At % session.ArcCount, from = step.At % session.NodeCount, to = step.To % session.NodeCount;
        (long lower, long upper, _) = session.ArcTerms(arc);
        switch (step.Kind)
        {
            case StepKind.Cost: session.SetCost(arc, step.Amount); return true;
            case StepKind.Upper when step.Amount >= lower: session.SetUpper(arc, step.Amount); return true;
            case StepKind.Lower when step.Amount <= upper && step.Amount != FlowNetwork.Unlimited: session.SetLower(arc, step.Amount); return true;
            case StepKind.Bounds when step.Amount != FlowNetwork.Unlimited: session.SetBounds(arc, step.Amount, step.Amount); return true;
            case StepKind.Move: return Move(step.Amount, from, to, session);
            default: return false;
        }
    }

    private static bool Move(Int128 amount, int from, int to, FlowSession session)
    {
        Int128 more = session.Supply(from) + amount, less = session.Supply(to) - amount;
        if (from == to || more < long.MinValue || more > long.MaxValue || less < long.MinValue || less > long.MaxValue) return false;
        session.SetSupply(from, (long)more);
        session.SetSupply(to, (long)less);
        return true;
    }
}
