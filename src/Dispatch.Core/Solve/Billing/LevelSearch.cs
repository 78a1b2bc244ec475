using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Looks for the levels to be billed for, on a month that is over.</summary>
/// <remarks>
/// With the burst slots held fixed, the month's cost is convex in the levels, and its slope is known from the flow's prices: the price of a
/// Mbit/s for the month, less what a Mbit/s more of paid level would have saved in the slots without burst. Each round runs the month,
/// moves every level against its slope, by a step that halves where the slope changes its sign, and takes new thresholds for the
/// bursts. The cheapest month seen wins, so the result is never worse than the start on the month looked at. It is no optimum: burst
/// slots move with the levels (the whole is NP-hard), steps are few, and next month is another month.
/// </remarks>
internal static class LevelSearch
{
    /// <summary>Searches.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="tree">The contracts.</param>
    /// <param name="rounds">How many months to run, at least 1.</param>
    /// <param name="run">Runs the month.</param>
    public static LevelPlan Search(LevelPlan start, ContractTree tree, int rounds, Func<LevelPlan, MonthOutcome> run)
    {
        LevelPlan plan = start, best = start;
        Int128 least = Int128.MaxValue;
        LevelSteps steps = new(tree);
        for (int round = 0; round < rounds; round++)
        {
            MonthOutcome outcome = run(plan);
            if (outcome.Figures.ObjectiveMicroUsd < least) (least, best) = (outcome.Figures.ObjectiveMicroUsd, plan);
            plan = steps.Next(plan, outcome);
        }
        return best;
    }

    private sealed class LevelSteps(ContractTree tree)
    {
        private readonly long[] _step = [.. tree.Room.Select(static r => Math.Max(1, r / 8))];
        private readonly int[] _sign = new int[tree.Room.Length];

        public LevelPlan Next(LevelPlan plan, MonthOutcome outcome) =>
            new([.. plan.Levels.Select((level, c) => Moved(c, level, outcome))], outcome.Thresholds);

        private Mbps Moved(int contract, Mbps level, MonthOutcome outcome)
        {
            Contract terms = tree.Contracts[contract];
            if (terms.Billing != BillingMethod.Percentile95 || terms.Tiers.IsEmpty) return level;
            BillingAccount account = outcome.Book.Accounts[contract];
            double price = terms.Marginal(TierAt(terms, level)).Value * account.Period.Hours;
            int sign = Math.Sign(outcome.WorthOfLevel[contract] - price);
            if (_sign[contract] != 0 && sign != _sign[contract]) _step[contract] = Math.Max(1, _step[contract] / 2);
            _sign[contract] = sign;
            long commit = terms.Commit.ToMbps().Value;
            return new(Math.Clamp(level.Value + sign * _step[contract], commit, Math.Max(commit, tree.Room[contract])));
        }

        private static PriceTier TierAt(Contract terms, Mbps level) =>
            terms.Tiers.First(t => t.UpTo is not { } end || end.ToMbps() > level);
    }
}
