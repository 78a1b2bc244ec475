using System.Numerics;
using TrafficDispatch.Flow.Compact;
using TrafficDispatch.Flow.Simplex;

namespace TrafficDispatch.Flow.Session;

/// <summary>The compact kernel, kept between solves.</summary>
/// <remarks>Takes costs and capacities of core arcs and supplies where they are; arcs of rows and lower bounds need new arrays.</remarks>
internal sealed class CompactKernel<T> : ISessionKernel
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly CompactNetwork<T> _network;
    private readonly CompactBasis<T> _basis;
    private readonly CompactSimplex<T> _simplex;
    private readonly BasisEdits<T> _edits;
    private readonly RowWatch<T> _watch;
    private readonly BasisReading<T> _reading;
    private readonly KernelLimits _limits;
    private long _pivots, _greatestCost;
    private (Int128 Cost, Int128 Unserved) _sum;

    /// <summary>Keeps a basis of a network.</summary>
    public CompactKernel(CompactNetwork<T> network, CompactBasis<T> basis, KernelLimits limits)
    {
        (_network, _basis, _limits, _greatestCost) = (network, basis, limits, limits.FirstCost);
        _simplex = new CompactSimplex<T>(network, basis, limits.Scalar);
        _edits = new BasisEdits<T>(network, basis);
        _watch = new RowWatch<T>(network, basis, !limits.Scalar);
        _reading = new BasisReading<T>(network, basis);
    }

    /// <inheritdoc/>
    public string Name => CompactRun.Name<T>();

    /// <inheritdoc/>
    public int NodeCount => _network.Shape.Places.Length;

    /// <inheritdoc/>
    public bool IsCold => _basis.IsCold;

    /// <inheritdoc/>
    /// <remarks>Failures that come and go wear nothing; a quarter of the rows away from where they were cheapest does.</remarks>
    public bool IsWorn => _pivots > 2L * _basis.Rows.Count + 1000 && _watch.CountMoved() > _basis.Rows.Count / 4;

    /// <inheritdoc/>
    public unsafe bool TrySetArc(int arc, ArcTerms terms)
    {
        FlowNetwork network = _network.Shape.Network;
        int tail = _network.Shape.Places[network.Arcs.Tails[arc]];
        if (tail < 0) return terms == new ArcTerms(network.Arcs.Lower[arc], network.Arcs.Upper[arc], network.Arcs.Costs[arc]);
        long capacity = terms.Upper == FlowNetwork.Unlimited ? ShiftedSupplies.Unlimited : unchecked(terms.Upper - terms.Lower);
        if (terms.Lower != network.Arcs.Lower[arc] || terms.Cost > _limits.GreatestCost || terms.Cost < -_limits.GreatestCost) return false;
        int index = _basis.Core.IndexOf(arc);
        if (capacity < 0 || (capacity != ShiftedSupplies.Unlimited && capacity > _limits.GreatestCapacity)) return false;
        T cost = T.CreateTruncating(terms.Cost + _network.BasePrices[_basis.Core.Heads[index]] - _network.BasePrices[_basis.Core.Tails[index]]);
        if (terms.Lower != 0) _basis.LowerCost += (Int128)terms.Lower * (long.CreateTruncating(cost) - long.CreateTruncating(_basis.Core.Costs[index]));
        if (cost != _basis.Core.Costs[index]) _edits.SetCoreCost(index, cost);
        _greatestCost = Math.Max(_greatestCost, Math.Abs(long.CreateTruncating(cost)));
        return _edits.SetCoreCapacity(index, capacity);
    }

    /// <inheritdoc/>
    public bool TrySetSupply(int node, long supply, long change)
    {
        CompactShape shape = _network.Shape;
        int place = shape.Places[node];
        if (place == 0 && shape.HasSingleSink) return true; // what the root takes follows from the rest
        Int128 shifted = (Int128)supply + shape.Supplies[node] - shape.Network.Supplies[node];
        if (shifted < 0 || shifted > _limits.GreatestCapacity || shape.Supplies[node] < 0) return false;
        if (change > _limits.GreatestCapacity || change < -_limits.GreatestCapacity) return false; // there and back between two solves
        if (place >= 0) _edits.ChangeCoreSupply(place, change);
        else if (!_network.Carries(~place, (long)shifted)) return false;
        else _edits.ChangeRowSupply(~place, change);
        return true;
    }

    /// <inheritdoc/>
    public KernelOutcome Solve(Budget budget)
    {
        if (_basis.Tree.PricesLeft) return KernelOutcome.TooNarrow;
        long before = budget.Pivots;
        CompactEnd end = _basis.IsCold ? _simplex.Start(budget) : _simplex.Resume(_watch, budget);
        _pivots += budget.Pivots - before;
        if (end == CompactEnd.Optimal) _sum = _reading.Sum();
        return end switch
        {
            CompactEnd.BudgetEnded => KernelOutcome.BudgetEnded,
            CompactEnd.OutOfWidth => KernelOutcome.TooNarrow,
            CompactEnd.UnlimitedCycle => KernelOutcome.Unclear,
            _ when _sum.Unserved == 0 => KernelOutcome.Optimal,
            _ when CompactCut<T>.TryFind(_network, _basis, _greatestCost) is not null => KernelOutcome.Infeasible,
            _ => typeof(T) == typeof(int) ? KernelOutcome.TooNarrow : KernelOutcome.Unclear,
        };
    }

    /// <inheritdoc/>
    public Int128 Objective() => _sum.Cost;

    /// <inheritdoc/>
    public Int128 Unserved() => _sum.Unserved;

    /// <inheritdoc/>
    public void Read(FlowBuffer flow) => _reading.Read(flow);

    /// <inheritdoc/>
    public void ReadPotentials(Span<long> potentials) => _reading.ReadPotentials(potentials);

    /// <inheritdoc/>
    public FlowBasis SaveBasis() => _reading.SaveBasis();

    /// <inheritdoc/>
    public ISessionKernel Fork()
    {
        var basis = new CompactBasis<T>(_network);
        basis.CopyFrom(_basis);
        return new CompactKernel<T>(_network, basis, _limits) { _pivots = _pivots, _greatestCost = _greatestCost, _sum = _sum };
    }

    /// <inheritdoc/>
    public void CopyFrom(ISessionKernel other)
    {
        var fork = (CompactKernel<T>)other;
        _basis.CopyFrom(fork._basis);
        (_pivots, _greatestCost, _sum) = (fork._pivots, fork._greatestCost, fork._sum);
    }

    /// <inheritdoc/>
    public bool IsForkOf(ISessionKernel other) => other is CompactKernel<T> fork && ReferenceEquals(fork._network, _network);
}

/// <summary>Within what the arrays of a kernel stay proven.</summary>
/// <param name="GreatestCost">Greatest absolute cost an arc may be given.</param>
/// <param name="GreatestCapacity">Greatest finite capacity or supply it may be given.</param>
/// <param name="FirstCost">Greatest absolute cost the arrays begin with, rebased.</param>
/// <param name="Scalar">No vector instructions.</param>
internal readonly record struct KernelLimits(long GreatestCost, long GreatestCapacity, long FirstCost, bool Scalar);
