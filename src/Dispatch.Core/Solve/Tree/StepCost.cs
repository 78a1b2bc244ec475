namespace TrafficDispatch.Solve.Tree;

/// <summary>A stretch of load in which every further unit costs the same.</summary>
/// <param name="Units">Its length: 0 only where it is the one step of a function without room.</param>
/// <param name="Cost">Cost of a unit; may be negative.</param>
public readonly record struct CostStep(long Units, long Cost);

/// <summary>What a load costs: a convex, piecewise linear function from 0 up to an end that no load may pass.</summary>
/// <remarks>Steps follow each other from load 0 with rising cost, so that a flow over parallel arcs fills them in order. Immutable.</remarks>
public sealed class StepCost
{
    private readonly CostStep[] _steps;

    private StepCost(CostStep[] steps) => _steps = steps;

    /// <summary>The steps from load 0 on; at least one, of length 0 where there is no room.</summary>
    public ReadOnlySpan<CostStep> Steps => _steps;

    /// <summary>The greatest load.</summary>
    public long Room
    {
        get
        {
            long room = 0;
            foreach (CostStep step in _steps) room = checked(room + step.Units);
            return room;
        }
    }

    /// <summary>Any load up to an end, free of charge.</summary>
    public static StepCost Free(long room) => Of([new(room, 0)]);

    /// <summary>Steps in order; those of no length are left out, neighbours of one cost joined.</summary>
    /// <exception cref="ArgumentException">A length is negative, or a cost falls.</exception>
    public static StepCost Of(IEnumerable<CostStep> steps)
    {
        List<CostStep> kept = [];
        CostStep? first = null;
        foreach (CostStep step in steps)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(step.Units, nameof(steps));
            first ??= step;
            if (step.Units == 0) continue;
            if (kept.Count > 0 && step.Cost < kept[^1].Cost) throw new ArgumentException($"The cost falls from {kept[^1].Cost} to {step.Cost}.", nameof(steps));
            if (kept.Count > 0 && kept[^1].Cost == step.Cost) kept[^1] = new(checked(kept[^1].Units + step.Units), step.Cost);
            else kept.Add(step);
        }
        if (kept.Count == 0) kept.Add(new(0, first?.Cost ?? 0));
        return new([.. kept]);
    }

    /// <summary>The sum of two functions, up to the nearer end.</summary>
    public StepCost Plus(StepCost other)
    {
        List<CostStep> sum = [];
        for ((int i, int j, long a, long b) = (0, 0, 0, 0); i < _steps.Length && j < other._steps.Length;)
        {
            (CostStep mine, CostStep theirs) = (_steps[i], other._steps[j]);
            long units = Math.Min(mine.Units - a, theirs.Units - b);
            sum.Add(new(units, checked(mine.Cost + theirs.Cost)));
            (a, b) = (a + units, b + units);
            if (a == mine.Units) (i, a) = (i + 1, 0);
            if (b == theirs.Units) (j, b) = (j + 1, 0);
        }
        return Of(sum);
    }

    /// <summary>Cost of a load.</summary>
    /// <param name="load">0 or more; what lies beyond the end is charged as the last step.</param>
    public Int128 At(long load)
    {
        Int128 cost = 0;
        foreach (CostStep step in _steps)
        {
            long units = Math.Min(load, step.Units);
            cost += (Int128)units * step.Cost;
            load -= units;
        }
        return cost + (Int128)load * _steps[^1].Cost;
    }

    /// <summary>Cost of the next unit after a load; null at the end.</summary>
    public long? Next(long load)
    {
        foreach (CostStep step in _steps)
        {
            if (load < step.Units) return step.Cost;
            load -= step.Units;
        }
        return null;
    }
}
