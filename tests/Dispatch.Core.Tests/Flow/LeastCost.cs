using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>The least cost of a network after a change, by solving it anew: the oracle of sensitivities.</summary>
internal sealed class LeastCost(NetworkSpec spec)
{
    /// <summary>More than any amount that a generated network can still tell apart.</summary>
    public const long Far = 1_000_000;

    /// <summary>With other bounds on an arc; null when infeasible.</summary>
    public Int128? WithBounds(int arc, long lower, long upper)
        => lower > upper ? null : Solve(spec.With(arc, spec.Arcs[arc] with { Lower = lower, Upper = upper }));

    /// <summary>With another cost and lower bound of an arc; null when infeasible.</summary>
    public Int128? WithCost(int arc, Int128 cost, long lower)
        => lower > spec.Arcs[arc].Upper ? null : Solve(spec.With(arc, spec.Arcs[arc] with { Cost = (long)cost, Lower = lower }));

    /// <summary>With more supply at one node and more demand at another; null when infeasible.</summary>
    public Int128? WithTransfer(int from, int to, long units)
    {
        long[] supplies = [.. spec.Supplies];
        supplies[from] += units;
        supplies[to] -= units;
        return Solve(spec with { Supplies = supplies });
    }

    /// <summary>Asserts that the cost rises by the slope for each of so many units, and by more (or beyond feasibility) for the next.</summary>
    /// <param name="cost">The least cost after so many units.</param>
    /// <param name="slope">The claimed slope; null claims that not one unit is feasible.</param>
    /// <param name="units">For how many units it is claimed.</param>
    public static void AssertSlope(Func<long, Int128?> cost, Int128? slope, long units)
    {
        if (slope is null)
        {
            Assert.Equal(0, units);
            Assert.Null(cost(1));
            return;
        }

        Assert.True(units > 0);
        Int128 start = cost(0)!.Value;
        long last = Math.Min(units, Far);
        Assert.Equal(start + slope, cost(1));
        Assert.Equal(start + (slope * last), cost(last));
        if (units < Far) Assert.True(cost(units + 1) is not { } next || next > start + (slope * (units + 1)));
        else Assert.Equal(FlowNetwork.Unlimited, units);
    }

    private static Int128? Solve(NetworkSpec spec)
    {
        FlowSolution solution = FlowSolver.Solve(spec.Build());
        return solution.Status switch
        {
            FlowStatus.Optimal => solution.Objective,
            FlowStatus.Infeasible => null,
            _ => Int128.MinValue,
        };
    }
}
