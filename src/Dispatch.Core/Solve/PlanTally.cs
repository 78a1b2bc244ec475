using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>Adds groups of a plan up to figures. Used by one thread.</summary>
internal sealed class PlanTally(CostModel model, PlanBill bill)
{
    private readonly RttTally _served = new();
    private long _demand, _unserved;
    private readonly long[] _billed = new long[bill.Count];
    private Int128 _cost;

    /// <summary>Counts one group of a plan of this model.</summary>
    public void Add(TrafficPlan plan, int group)
    {
        World world = model.Snapshot.World;
        _demand += model.Groups[group].Demand;
        _unserved += plan.Unserved(group);
        ReadOnlySpan<int> edges = plan.Edges(group);
        ReadOnlySpan<long> volumes = plan.Volumes(group);
        for (int i = 0; i < edges.Length; i++)
        {
            if (bill.ContractOf(edges[i]) is >= 0 and int contract) _billed[contract] += volumes[i];
            else _cost += (Int128)volumes[i] * bill.PriceOf(edges[i]);
            _served.Add(world.Rtt[model.Groups[group].Region, edges[i]].ToMicroseconds(), volumes[i]);
        }
    }

    /// <summary>The figures of all that was added.</summary>
    public PlanFigures Sum()
    {
        Int128 cost = _cost;
        for (int c = 0; c < _billed.Length; c++) cost += bill.Share(c, _billed[c]);
        return new(
            model.ToMbps(_demand), model.ToMbps(_unserved), cost * model.ToMbps(1).Value,
            _served.Mean(), _served.Quantile(50), _served.Quantile(95), _served.Quantile(99));
    }
}
