using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Looks for the levels to be billed for, and for the prices of volume contracts, on a month that is over.</summary>
/// <remarks>
/// <para>With the burst slots held fixed, the month's cost is convex in the levels, and its slope is known from the flow's prices: the price of a
/// Mbit/s for the month, less what a Mbit/s more of paid level would have saved in the slots without burst. Each round runs the month,
/// moves every level against its slope, by a step that halves where the slope changes its sign, and takes new thresholds for the
/// bursts. A volume contract's price moves towards the slope of its bill at the month's volume in the same way.</para>
/// <para>Rounds of refinement follow: from the cheapest month so far one level at a time moves by its step, up or down; what is cheaper stays,
/// and when all contracts were tried in vain the steps halve. The cheapest month seen wins, so the result is never worse than the
/// start on the month looked at. It is no optimum: burst slots move with the levels (the whole is NP-hard), steps are few, and next month is another month.</para>
/// </remarks>
internal sealed class LevelSearch
{
    private readonly ContractTree _tree;
    private readonly Func<MonthPlan, MonthOutcome> _run;
    private readonly long[] _step, _priceStep;
    private readonly int[] _sign, _priceSign;
    private MonthPlan _best;
    private MonthOutcome? _outcome;

    private LevelSearch(MonthPlan start, ContractTree tree, Func<MonthPlan, MonthOutcome> run)
    {
        (_best, _tree, _run) = (start, tree, run);
        _step = [.. tree.Room.Select(static r => Math.Max(1, r / 8))];
        _priceStep = [.. tree.Contracts.Select(static c => c.Tiers.IsEmpty ? 0 : Math.Max(1, c.Marginal(c.Tiers[0]).Value / 2))];
        (_sign, _priceSign) = (new int[_step.Length], new int[_step.Length]);
    }

    /// <summary>Searches.</summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="tree">The contracts.</param>
    /// <param name="rounds">Months to run down the slope, at least 1.</param>
    /// <param name="refining">Months to run with one level moved, at least 0.</param>
    /// <param name="run">Runs the month.</param>
    public static MonthPlan Search(MonthPlan start, ContractTree tree, int rounds, int refining, Func<MonthPlan, MonthOutcome> run)
    {
        LevelSearch search = new(start, tree, run);
        MonthPlan plan = start;
        for (int round = 0; round < rounds; round++) plan = search.Next(plan, search.Try(plan));
        search.Refine(refining);
        return search._best;
    }

    private MonthOutcome Try(MonthPlan plan)
    {
        MonthOutcome outcome = _run(plan);
        if (_outcome is null || outcome.Figures.ObjectiveMicroUsd < _outcome.Figures.ObjectiveMicroUsd) (_best, _outcome) = (plan, outcome);
        return outcome;
    }

    private void Refine(int rounds)
    {
        int[] moves = [.. Enumerable.Range(0, _step.Length).Where(c => _best.Bursts && BurstPolicy.Bursts(_tree.Contracts[c])).SelectMany(static c => new[] { -c - 1, c })];
        HashSet<string> seen = [];
        for (int at = 0, vain = 0; rounds > 0 && moves.Length > 0; at++)
        {
            while (rounds > 0 && seen.Add(Key(_best with { Thresholds = _outcome!.Thresholds })))
            {
                Try(_best with { Thresholds = _outcome.Thresholds });
                rounds--;
            }
            int c = moves[at % moves.Length], contract = c < 0 ? -c - 1 : c;
            Mbps level = Moved(contract, _best.Levels[contract], c < 0 ? -1 : 1);
            MonthPlan before = _best, tried = before with { Levels = before.Levels.SetItem(contract, level), Thresholds = _outcome!.Thresholds };
            if (level != before.Levels[contract] && seen.Add(Key(tried)))
            {
                Try(tried);
                rounds--;
            }
            vain = _best == before ? vain + 1 : 0;
            if (vain < moves.Length) continue;
            if (_step.All(static s => s == 1)) return;
            for (int i = 0; i < _step.Length; i++) _step[i] = Math.Max(1, _step[i] / 2);
            vain = 0;
        }
    }

    private static string Key(MonthPlan plan) => string.Join(' ', plan.Levels.Select(static l => l.Value)) + ":" + string.Join(' ', plan.Thresholds);

    private MonthPlan Next(MonthPlan plan, MonthOutcome outcome) => plan with
    {
        Levels = [.. plan.Levels.Select((level, c) => Moved(c, level, Slope(c, level, outcome)))],
        Thresholds = outcome.Thresholds,
        Volumes = [.. plan.Volumes.Select((volume, c) => Moved(c, volume, outcome))],
    };

    /// <summary>−1 where a lower level would have been cheaper, 1 where a higher one, and the step to take there.</summary>
    private int Slope(int contract, Mbps level, MonthOutcome outcome)
    {
        Contract terms = _tree.Contracts[contract];
        if (!BurstPolicy.Bursts(terms)) return 0;
        double price = terms.Marginal(TierAt(terms, level)).Value * outcome.Book.Accounts[contract].Period.Hours;
        int sign = Math.Sign(outcome.WorthOfLevel[contract] - price);
        if (_sign[contract] != 0 && sign != _sign[contract]) _step[contract] = Math.Max(1, _step[contract] / 2);
        return _sign[contract] = sign;
    }

    private Mbps Moved(int contract, Mbps level, int sign)
    {
        long commit = _tree.Contracts[contract].Commit.ToMbps().Value;
        return sign == 0 ? level : new(Math.Clamp(level.Value + sign * _step[contract], commit, Math.Max(commit, _tree.Room[contract])));
    }

    private VolumePlan Moved(int contract, VolumePlan plan, MonthOutcome outcome)
    {
        Contract terms = _tree.Contracts[contract];
        if (terms.Tiers.IsEmpty || terms.Billing != BillingMethod.Volume) return plan;
        BillingAccount account = outcome.Book.Accounts[contract];
        long slope = VolumePlan.SlopeAt(terms, account.MbpsSlots, account.Period.Slots), mean = account.MbpsSlots / account.Period.Slots;
        int sign = Math.Sign(slope - plan.Price);
        if (_priceSign[contract] != 0 && sign != 0 && sign != _priceSign[contract]) _priceStep[contract] = Math.Max(1, _priceStep[contract] / 2);
        if (sign != 0) _priceSign[contract] = sign;
        long price = sign > 0 ? Math.Min(slope, plan.Price + _priceStep[contract]) : Math.Max(slope, plan.Price - _priceStep[contract]);
        return new(price, mean);
    }

    private static PriceTier TierAt(Contract terms, Mbps level) =>
        terms.Tiers.First(t => t.UpTo is not { } end || end.ToMbps() > level);
}
