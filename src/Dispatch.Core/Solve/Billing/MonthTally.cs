using System.Collections.Immutable;
using TrafficDispatch.Flow;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Adds up the slots of a month. Not thread-safe.</summary>
internal sealed class MonthTally
{
    private readonly World _world;
    private readonly MonthArcs _arcs;
    private readonly BillingPeriod _period;
    private readonly LatencyTally _latency = new();
    private readonly int[] _step;
    private readonly long[] _latencyCost, _ownPrice;
    private readonly long[] _load;
    private long _demand, _unserved, _floorsFilled;
    private Int128 _outside, _service;

    public MonthTally(World world, MonthArcs arcs, BillingPeriod period, int contracts)
    {
        (_world, _arcs, _period) = (world, arcs, period);
        _load = new long[contracts];
        (_step, _latencyCost, _ownPrice) = (new int[arcs.FirstOverflow], new long[arcs.FirstOverflow], new long[arcs.FirstOverflow]);
        for (int a = 0; a < _step.Length; a++)
        {
            double rtt = _world.Rtt[arcs.Doors.RegionOf(a), arcs.Doors.EdgeOf(a)].Value;
            _step[a] = LatencyTally.StepOf(rtt);
            _ownPrice[a] = arcs.Doors.OwnPrice(arcs.Doors.EdgeOf(a));
            _latencyCost[a] = arcs.Network.Costs[a] - _ownPrice[a];
        }
    }

    /// <summary>Slots and solves so far.</summary>
    public int Slots { get; private set; }

    /// <summary>Slots whose optimum was proved.</summary>
    public int Proved { get; private set; }

    /// <summary>Adds a slot's optimum.</summary>
    /// <returns>What each contract carries, Mbit/s; valid until the next call.</returns>
    public ReadOnlySpan<long> Add(SparseFlow flow, bool proved)
    {
        Array.Clear(_load);
        for (int i = 0; i < flow.Arcs.Length; i++) Add(flow.Arcs[i], flow.Values[i]);
        _service += (Int128)_arcs.HardCharge * _arcs.FloorMbps;
        Slots++;
        if (proved) Proved++;
        return _load;
    }

    /// <summary>The figures.</summary>
    /// <param name="bills">Bill of every contract that bills, and its slots above the paid level.</param>
    /// <param name="solves">Solves in all.</param>
    /// <param name="elapsed">How long it took.</param>
    public MonthFigures Figures(IEnumerable<(ContractBill Bill, int Bursts)> bills, long solves, TimeSpan elapsed)
    {
        var listed = bills.ToImmutableArray();
        return new()
        {
            Bills = [.. listed.Select(static b => b.Bill)],
            BurstSlots = [.. listed.Select(static b => b.Bursts)],
            OutsideMicroUsd = checked((long)(_outside / _period.SlotsPerHour)),
            DemandGb = _demand * Price.GbPerMbpsHour / _period.SlotsPerHour,
            UnservedGb = _unserved * Price.GbPerMbpsHour / _period.SlotsPerHour,
            FloorShortGb = (_arcs.FloorMbps * Slots - _floorsFilled) * Price.GbPerMbpsHour / _period.SlotsPerHour,
            MeanRttMs = _latency.MeanMs,
            P95RttMs = _latency.P95Ms,
            ServiceMicroUsd = _service / _period.SlotsPerHour,
            Slots = Slots,
            ProvedSlots = Proved,
            Solves = solves,
            Elapsed = elapsed,
        };
    }

    private void Add(int arc, long volume)
    {
        if (arc < _arcs.FirstOverflow) Serve(arc, volume);
        else if (arc < _arcs.FirstEdge) Refuse(volume);
        else if (_arcs.IsFloor(arc)) Fill(volume);
        else if (_arcs.IsStep(arc)) _load[_arcs.ContractOf(arc)] += volume;
    }

    private void Serve(int arc, long volume)
    {
        _latency.Add(_step[arc], volume);
        _demand = checked(_demand + volume);
        _outside += (Int128)_ownPrice[arc] * volume;
        _service += (Int128)_latencyCost[arc] * volume;
    }

    private void Fill(long volume)
    {
        _floorsFilled = checked(_floorsFilled + volume);
        _service -= (Int128)_arcs.HardCharge * volume;
    }

    private void Refuse(long volume)
    {
        _demand = checked(_demand + volume);
        _unserved = checked(_unserved + volume);
        _service += (Int128)_arcs.UnservedCost * volume;
    }
}
