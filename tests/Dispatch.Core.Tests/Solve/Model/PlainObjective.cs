using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Core.Tests.Solve.Model;

/// <summary>
/// The model in plain words and plain arithmetic: what may serve whom, what a split costs, what it breaks. Reads the facts and the options only;
/// shares no code with the solver's cost model, tree or bills. Worlds have one service a class.
/// </summary>
internal sealed class PlainObjective
{
    private readonly Snapshot _snapshot;
    private readonly SolveOptions _options;
    private readonly int[] _levels;

    public PlainObjective(Snapshot snapshot, SolveOptions options)
    {
        (_snapshot, _options) = (snapshot, options);
        _levels = [.. World.Classes.Select(static c => c.Priority).Distinct().Order()];
        Prior = options.Continuity is { } c ? Carried(c.InForce) : new long[Groups, Edges];
        Before = options.Continuity?.Before is { } before ? Carried(before) : Prior;
    }

    public World World => _snapshot.World;

    public int Edges => World.Edges.Length;

    public int Groups => World.Regions.Length * World.Services.Length;

    /// <summary>Mbit/s that each edge would carry of each group by the plan in force.</summary>
    public long[,] Prior { get; }

    private long[,] Before { get; }

    private Continuity? Held => _options.Continuity;

    public int RegionOf(int group) => group / World.Services.Length;

    public long Demand(int group)
    {
        ClientRegion region = World.Regions[RegionOf(group)];
        return (long)Math.Round(region.Peak.Value * 1000 * ClassOf(group).Share * _snapshot.ScaleOf(RegionOf(group)), MidpointRounding.ToEven);
    }

    public long Capacity(int edge) => IsUp(edge) ? (long)Math.Round(World.Edges[edge].Capacity.Value * 1000, MidpointRounding.ToEven) : 0;

    /// <summary>True where nothing forbids the edge to serve the group: law, health, reach, loss, the service's operators.</summary>
    public bool MayServe(int group, int edge)
    {
        (ClientRegion region, Edge e, TrafficClass cls) = (World.Regions[RegionOf(group)], World.Edges[edge], ClassOf(group));
        if (region.InJurisdictionOnly && region.Jurisdiction != e.Jurisdiction) return false;
        if (!IsUp(edge) || Rtt(group, edge) > (cls.MaxRtt?.Value ?? double.MaxValue) || Loss(group, edge) > (cls.MaxLoss ?? 1)) return false;
        Service service = World.Services[group % World.Services.Length];
        return service.Operators.Length == 0 || service.Operators.Contains(e.Operator);
    }

    /// <summary>What a group's split costs and breaks before its traffic is through the edges' doors.</summary>
    public Score OfGroup(int group, ReadOnlySpan<long> mbps)
    {
        Score score = Score.Unserved(Array.IndexOf(_levels, ClassOf(group).Priority), Demand(group) - Sum(mbps));
        for (int e = 0; e < Edges; e++)
        {
            long before = Prior[group, e];
            Int128 soft = (Int128)mbps[e] * PerMbps(group, e) + (Int128)Math.Max(0, mbps[e] - before) * (Held?.MoveCost ?? 0);
            long torn = MayServe(group, e) ? Math.Max(0, (long)(before * ClassOf(group).StickyShare) - mbps[e]) : 0;
            score += new Score(0, 0, 0, torn, soft);
        }
        return score;
    }

    /// <summary>What loads of the edges cost and break: congestion, bills, floors, onload bounds.</summary>
    public Score OfLoads(ReadOnlySpan<long> loads)
    {
        Score score = default;
        for (int e = 0; e < Edges; e++) score += new Score(0, 0, 0, Math.Max(0, loads[e] - OnloadBound(e)), Congestion(e, loads[e]));
        foreach (Contract contract in World.Facts.Contracts)
        {
            long load = LoadOf(contract, loads), room = RoomOf(contract);
            score += new Score(0, 0, 0, Math.Max(0, Math.Min(contract.Floor.ToMbps().Value, room) - load), Bill(contract, load));
        }
        return score;
    }

    /// <summary>True while no ceiling of a contract is passed.</summary>
    public bool KeepsCeilings(ReadOnlySpan<long> loads)
    {
        foreach (Contract contract in World.Facts.Contracts)
            if (contract.Ceiling is { } most && LoadOf(contract, loads) > most.ToMbps().Value) return false;
        return true;
    }

    private bool IsUp(int edge) => !World.Facts.Health.Any(h => h.Id == World.Edges[edge].Id && h.State != HealthState.Up);

    private TrafficClass ClassOf(int group) => World.Classes.Single(c => c.Id == World.Services[group % World.Services.Length].ClassId);

    private double Rtt(int group, int edge) => World.Rtt[RegionOf(group), edge].Value;

    private double Loss(int group, int edge) => World.Facts.Loss is { } loss ? loss.Row(RegionOf(group))[edge] : 0;

    private long PerMbps(int group, int edge)
    {
        bool billed = World.Facts.Contracts.Any(c => !c.Tiers.IsEmpty && c.Edges.Contains(World.Edges[edge].Id));
        Price price = World.Edges[edge].Price;
        long money = billed ? 0 : PerMbps(price.Model == PriceModel.PerGb, price.Model == PriceModel.PerGb ? price.UsdPerGb : price.UsdPerMbpsMonth);
        TrafficClass cls = ClassOf(group);
        return money + (long)Math.Round(cls.LatencyWeight * Rtt(group, edge) + cls.LossWeight * 100 * Loss(group, edge), MidpointRounding.ToEven);
    }

    // A Mbit/s for an hour is 0.45 GB; a month has 720 hours.
    private static long PerMbps(bool byVolume, double usd) => (long)Math.Round((byVolume ? usd * 0.45 : usd / 720) * 1e6, MidpointRounding.ToEven);

    private long OnloadBound(int edge)
    {
        if (Held?.OnloadPercent is not { } percent) return long.MaxValue;
        long now = 0, then = 0;
        for (int g = 0; g < Groups; g++) (now, then) = (now + Prior[g, edge], then + Before[g, edge]);
        return then + (now - then) * Held.ArrivedPercent / 100 + Capacity(edge) * percent / 100;
    }

    private Int128 Congestion(int edge, long load)
    {
        Int128 cost = 0;
        long below = 0;
        foreach ((int upToPercent, long perMbps) in _options.Congestion.Steps)
        {
            long upTo = Capacity(edge) * upToPercent / 100;
            cost += (Int128)Math.Max(0, Math.Min(load, upTo) - below) * perMbps;
            below = upTo;
        }
        return cost;
    }

    private Int128 Bill(Contract contract, long load)
    {
        if (contract.Tiers.IsEmpty) return 0;
        bool byVolume = contract.Billing == BillingMethod.Volume;
        BillingLevel? standing = _snapshot.Billing.SingleOrDefault(l => l.ContractId == contract.Id);
        long paid = Math.Max(contract.Commit.ToMbps().Value, standing?.BilledLevel.Value ?? 0);
        (long Upper, long Cost)[] tiers =
            [.. contract.Tiers.Select(t => (t.UpTo is { } end ? end.ToMbps().Value : long.MaxValue, PerMbps(byVolume, t.Usd)))];
        if (!byVolume && standing is { MayBurst: true })
            return (Int128)Math.Max(0, load - paid) * Math.Min(1, tiers.First(t => t.Upper > paid).Cost);
        Int128 bill = 0;
        long from = paid;
        foreach ((long upper, long cost) in tiers)
        {
            long to = Math.Min(load, upper);
            if (to <= from) continue;
            bill += (Int128)(to - from) * cost;
            from = to;
        }
        return bill;
    }

    private long LoadOf(Contract contract, ReadOnlySpan<long> loads)
    {
        long load = 0;
        foreach (string id in contract.Edges) load += loads[World.EdgeOrdinal(id)];
        return load;
    }

    // A floor asks for no more than the ceiling lets through and the edges can carry.
    private long RoomOf(Contract contract) =>
        Math.Min(contract.Ceiling is { } most ? most.ToMbps().Value : long.MaxValue, contract.Edges.Sum(id => Capacity(World.EdgeOrdinal(id))));

    private long[,] Carried(TrafficPlan plan)
    {
        long[,] carried = new long[Groups, Edges];
        World old = plan.Model.Snapshot.World;
        for (int g = 0; g < Groups; g++)
        {
            int region = old.RegionOrdinal(World.Regions[RegionOf(g)].Id), service = old.ServiceOrdinal(World.Services[g % World.Services.Length].Id);
            if (region < 0 || service < 0) continue;
            int then = region * old.Services.Length + service;
            long demand = plan.Model.Groups[then].Demand;
            for (int e = 0; e < Edges; e++)
            {
                int edge = old.EdgeOrdinal(World.Edges[e].Id);
                if (edge >= 0 && demand > 0) carried[g, e] = (long)((Int128)plan.Volume(then, edge) * Demand(g) / demand);
            }
        }
        return carried;
    }

    private static long Sum(ReadOnlySpan<long> values)
    {
        long sum = 0;
        foreach (long v in values) sum += v;
        return sum;
    }
}
