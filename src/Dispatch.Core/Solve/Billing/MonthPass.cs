using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Plans a month on the one before it, then runs it: with bursts or without. Thread-safe: every run has a network of its own.</summary>
/// <param name="world">Facts.</param>
/// <param name="tree">Its contracts.</param>
/// <param name="month">The month to be billed.</param>
/// <param name="before">The month to learn from.</param>
/// <param name="how">How.</param>
/// <param name="cancellation">Ends it with <see cref="OperationCanceledException"/>.</param>
internal sealed class MonthPass(World world, ContractTree tree, MonthDemand month, MonthDemand before, MonthOptions how, CancellationToken cancellation)
{
    /// <summary>Passes in search of volume prices alone: the fifth changes a bill by less than a thousandth.</summary>
    private const int PriceRounds = 5;

    /// <summary>The month of someone who knows no bursts; prices of volume contracts are learned all the same, so that bursts alone make the difference.</summary>
    public (MonthPlan Plan, MonthOutcome Outcome) Unaware()
    {
        MonthPlan plan = PricedUnaware(progress: null);
        return (plan, Run(plan, month, learns: false, progress: null, ""));
    }

    /// <summary>The month with billed levels and free slots in mind.</summary>
    /// <param name="lastBook">Accounts whose billed levels to start from; null for those of an unaware month before.</param>
    /// <param name="progress">Told what it is at.</param>
    public (MonthPlan Plan, MonthOutcome Outcome) Aware(BillingBook? lastBook, IProgress<string>? progress)
    {
        MonthPlan unaware = MonthPlan.Unaware(tree);
        MonthOutcome first = Run(unaware, before, learns: true, progress, "last month, unaware");
        ImmutableArray<Mbps> levels = [.. first.Book.Accounts.Select((a, c) => (lastBook?.Of(a.ContractId) ?? a).PaidLevel(tree.Contracts[c]))];
        MonthPlan plan = unaware with { Levels = levels, Thresholds = first.Thresholds };
        int round = 0;
        if (how.SearchRounds > 0) plan = LevelSearch.Search(plan, tree, how.SearchRounds, how.RefineRounds, Learn);
        return (plan, Run(plan, month, learns: false, progress, "with bursts"));

        MonthOutcome Learn(MonthPlan tried) => Run(tried, before, learns: true, progress, $"last month, pass {++round} of {how.SearchRounds + how.RefineRounds}");
    }

    private MonthPlan PricedUnaware(IProgress<string>? progress)
    {
        MonthPlan start = MonthPlan.Unaware(tree);
        bool anyVolume = tree.Contracts.Any(static c => c.Billing == BillingMethod.Volume && !c.Tiers.IsEmpty);
        if (how.SearchRounds == 0 || !anyVolume) return start;
        return LevelSearch.Search(start, tree, Math.Min(how.SearchRounds, PriceRounds), 0, tried => Run(tried, before, learns: false, progress, ""));
    }

    private MonthOutcome Run(MonthPlan plan, MonthDemand demand, bool learns, IProgress<string>? progress, string name) =>
        new MonthRun(world, tree, demand, how, plan, learns).Run(progress is null ? null : new SlotProgress(progress, name, demand.Period.Slots), cancellation);

    private sealed class SlotProgress(IProgress<string> progress, string name, int slots) : IProgress<int>
    {
        public void Report(int value) => progress.Report($"{name}: slot {value} of {slots}");
    }
}
