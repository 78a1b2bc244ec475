using System.Runtime.CompilerServices;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Core.Tests.Solve.Stability;

/// <summary>A service solves for months, each time held to the plan before: what is long past must be given back.</summary>
public sealed class ContinuityMemoryTests
{
    [Fact]
    public void Solve_HeldToPlanAfterPlan_LetsGoOfThoseLongPast()
    {
        (TrafficPlan last, WeakReference first) = SolveOneAfterAnother(5);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(first.IsAlive, "the world of the first solve is still held");
        GC.KeepAlive(last);
    }

    [Fact]
    public void InForce_OfAPlanThatWasHeldItself_CountsAsBefore()
    {
        using TestWorld files = TestWorld.Small();
        World world = files.Build();
        TrafficPlan first = Solve(world, null), second = Solve(world, new Continuity(first));
        var held = new Continuity(second);
        Assert.Null(held.InForce.Model.Options.Continuity);
        Assert.Equal(second.EdgeLoads(), held.InForce.EdgeLoads());
        Assert.Equal(Solve(world, held).EdgeLoads(), second.EdgeLoads());
        // The plan itself still knows what it was held to: the guard before a table asks.
        Assert.NotNull(second.Model.Options.Continuity);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (TrafficPlan Last, WeakReference First) SolveOneAfterAnother(int times)
    {
        TrafficPlan? before = null, plan = null;
        WeakReference? first = null;
        for (int i = 0; i < times; i++)
        {
            using TestWorld files = TestWorld.Small();
            World world = files.Build();
            first ??= new WeakReference(world);
            TrafficPlan next = Solve(world, plan is null ? null : new Continuity(plan) { Before = before, ArrivedPercent = 50 });
            (before, plan) = (plan, next);
        }
        return (plan!, first!);
    }

    private static TrafficPlan Solve(World world, Continuity? held) =>
        DispatchSolver.Solve(new Snapshot(world, 16), new SolveOptions { Continuity = held }, default).Assignment!.Published;
}
