using TrafficDispatch.Service.Options;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Service.Publish;

/// <summary>Remembers the plan in force and turns the settings into what the next solve is asked for. Used by one thread at a time.</summary>
internal sealed class SolveRules(SolveSettings settings, TimeProvider time)
{
    private TrafficPlan? _inForce, _before;
    private long _since;

    /// <summary>The options of the next solve.</summary>
    public SolveOptions Next() => Free(settings) with { Continuity = _inForce is { } plan ? ContinuityWith(plan) : null };

    /// <summary>The same as if no plan were in force: nothing is owed to one.</summary>
    public static SolveOptions Free(SolveSettings settings) => new()
    {
        MaxRtt = settings.MaxRtt,
        Candidates = settings.Candidates,
        MinMaxSlackPercent = settings.MinMaxSlackPercent,
        Reserve = settings.Reserve,
    };

    /// <summary>Takes note of a plan that was read back from a table: clients have followed it for as long as is known.</summary>
    public void Restored(TrafficPlan plan) => (_inForce, _before) = (plan, null);

    /// <summary>Takes note of a plan that clients are sent by from now on.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isNew">False where it says the same as the one before: then nothing sets out anew.</param>
    public void Publish(TrafficPlan plan, bool isNew)
    {
        if (isNew) (_before, _since) = (_inForce, time.GetTimestamp());
        _inForce = plan;
    }

    private Continuity ContinuityWith(TrafficPlan plan)
    {
        StabilitySettings stability = settings.Stability;
        int arrived = ArrivedPercent();
        return new(plan)
        {
            MoveCost = stability.MoveCost,
            OnloadPercent = stability.OnloadPercent,
            Pace = stability.Pace,
            MoveBudgetPercent = stability.MoveBudgetPercent,
            Before = arrived < 100 ? _before : null,
            ArrivedPercent = arrived,
        };
    }

    private int ArrivedPercent()
    {
        TimeSpan passed = time.GetElapsedTime(_since), needed = settings.Stability.ArrivalTime;
        if (_before is null || passed >= needed) return 100;
        return (int)(100 * passed.Ticks / needed.Ticks);
    }
}
