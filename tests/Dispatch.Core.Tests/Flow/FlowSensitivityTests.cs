using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>Every figure against networks changed by one unit, by its whole range, and by one unit more, each solved anew.</summary>
public sealed class FlowSensitivityTests
{
    [Fact]
    public void UpperBoundPrice_DegenerateNetworks_IsTheSlopeBothWaysAsFarAsClaimed() => Each(DegenerateNetworks.Small, 500, UpperBounds);

    [Fact]
    public void UpperBoundPrice_RandomNetworks_IsTheSlopeBothWaysAsFarAsClaimed() => Each(Networks.Small, 300, UpperBounds);

    [Fact]
    public void LowerBoundPrice_DegenerateNetworks_IsTheSlopeBothWaysAsFarAsClaimed() => Each(DegenerateNetworks.Small, 500, LowerBounds);

    [Fact]
    public void LowerBoundPrice_RandomNetworks_IsTheSlopeBothWaysAsFarAsClaimed() => Each(Networks.Small, 300, LowerBounds);

    [Fact]
    public void ThresholdOf_DegenerateNetworks_IsWhereAnOptimalFlowUsesTheArc() => Each(DegenerateNetworks.Small, 500, Thresholds);

    [Fact]
    public void ThresholdOf_RandomNetworks_IsWhereAnOptimalFlowUsesTheArc() => Each(Networks.Small, 300, Thresholds);

    [Fact]
    public void Transfer_DegenerateNetworks_IsTheSlopeBothWaysAsFarAsClaimed() => Each(DegenerateNetworks.Small, 500, Transfers);

    [Fact]
    public void Transfer_RandomNetworks_IsTheSlopeBothWaysAsFarAsClaimed() => Each(Networks.Small, 300, Transfers);

    [Fact]
    public void ReducedCosts_DegenerateNetworks_AreBoundedByTheSlopesOfTransfers() => Each(DegenerateNetworks.Small, 500, ReducedCosts);

    [Fact]
    public void GainsAndThresholdsInto_AnyNode_AreThoseOfEachArc()
    {
        Each(DegenerateNetworks.Small, 500, Stars);
        Each(Networks.Small, 300, Stars);
    }

    [Fact]
    public void Queries_OtherOptimumOfTheSameNetwork_AnswerTheSame()
        => Each(DegenerateNetworks.Small, 500, (spec, _, usual) =>
        {
            FlowNetwork network = spec.Build();
            FlowSensitivity other = new(network, OtherOptimum(spec));
            Assert.Equal(Answers(network, usual), Answers(network, other));
        });

    [Fact]
    public void Queries_EveryKernel_AnswerTheSame()
        => Each(Networks.Small, 300, (spec, solution, usual) =>
        {
            FlowNetwork network = spec.Build();
            string answers = Answers(network, usual);
            Assert.Equal(answers, Answers(network, new FlowSensitivity(network, solution, new KernelTrial(Wide: false, Scalar: true))));
            Assert.Equal(answers, Answers(network, new FlowSensitivity(network, solution, new KernelTrial(Wide: true, Scalar: true))));
        });

    [Fact]
    public void GeneratedNetworks_Always_CoverEveryKindOfAnswer()
    {
        var prices = new List<BoundPrice>();
        var thresholds = new List<(Int128? Reduction, Int128 ReducedCost)>();
        var transfers = new List<TransferPrice>();
        Each(DegenerateNetworks.Small, 400, (spec, solution, sensitivity) =>
        {
            for (int e = 0; e < spec.Arcs.Length; e++)
            {
                prices.Add(sensitivity.UpperBoundPrice(e));
                thresholds.Add((sensitivity.ThresholdOf(e).CostReduction, ReducedCost(spec, solution, e)));
                transfers.Add(sensitivity.Transfer(spec.Arcs[e].Tail, spec.Arcs[e].Head));
            }
        });
        Assert.InRange(prices.Count(p => p.GainPerUnit > 0), 300, prices.Count / 2);
        Assert.InRange(prices.Count(p => p.GainPerUnit > 0 && p.LossPerUnit is not null && !p.IsUnique), 50, prices.Count / 2);
        Assert.InRange(prices.Count(p => p.GainPerUnit > 0 && p.GainUnits > 1), 50, prices.Count / 2);
        Assert.InRange(prices.Count(p => p.LossPerUnit is null), 100, prices.Count / 2);
        Assert.InRange(prices.Count(p => p.LossPerUnit > 0 && p.LossUnits > 1), 50, prices.Count / 2);
        Assert.InRange(thresholds.Count(t => t.Reduction is null), 100, thresholds.Count / 2);
        Assert.InRange(thresholds.Count(t => t.Reduction > 0), 300, thresholds.Count / 2);
        Assert.InRange(thresholds.Count(t => t.Reduction > Int128.Max(0, t.ReducedCost)), 50, thresholds.Count / 2); // one set of potentials misleads
        Assert.InRange(transfers.Count(t => t.CostPerUnit is null), 50, transfers.Count / 2);
        Assert.InRange(transfers.Count(t => t.CostPerUnit is not null && !t.IsUnique), 50, transfers.Count - 50);
    }

    [Theory]
    [InlineData(false, 1.25)]
    [InlineData(false, 0.9)]
    [InlineData(true, 1.02)]
    public void Prices_SyntheticNetwork_AreTheSlopesAsFarAsClaimed(bool layered, double capacity)
    {
        FlowNetwork network = SyntheticNetwork.Create(new SyntheticSize(150, 12, 40, 8, 3), layered ? SyntheticShape.Layered : SyntheticShape.OneLayer, seed: 3, capacity);
        ArcSpec[] arcs = [.. Enumerable.Range(0, network.ArcCount).Select(e => new ArcSpec(network.Tails[e], network.Heads[e], network.LowerBounds[e], network.UpperBounds[e], network.Costs[e]))];
        FlowSolution solution = FlowSolver.Solve(network);
        FlowSensitivity sensitivity = new(network, solution);
        var oracle = new LeastCost(new NetworkSpec(network.Supplies.ToArray(), arcs));
        int[] full = [.. Enumerable.Range(0, arcs.Length).Where(e => network.Supplies[arcs[e].Tail] == 0 && solution.Flow[e] == arcs[e].Upper)];
        Assert.True(full.Length > 5);
        foreach (int e in full.Take(40))
        {
            BoundPrice price = sensitivity.UpperBoundPrice(e);
            LeastCost.AssertSlope(units => oracle.WithBounds(e, 0, arcs[e].Upper + units), -price.GainPerUnit, price.GainUnits);
            LeastCost.AssertSlope(units => oracle.WithBounds(e, 0, arcs[e].Upper - units), price.LossPerUnit, price.LossUnits);
        }

        for (int group = 0; group < 20; group++)
        {
            TransferPrice price = sensitivity.Transfer(group, network.NodeCount - 1);
            LeastCost.AssertSlope(units => oracle.WithTransfer(group, network.NodeCount - 1, units), price.CostPerUnit, price.Units);
        }
    }

    [Fact]
    public void Queries_CostsNearTheEndOfTheRange_AreExact()
    {
        long dear = long.MaxValue - 1;
        ArcSpec[] arcs = [new(0, 1, 0, 4, -dear), new(0, 1, 0, 3, dear), new(0, 1, 0, FlowNetwork.Unlimited, dear), new(2, 1, 0, FlowNetwork.Unlimited, 0)];
        FlowNetwork network = new NetworkSpec([6, -6, 0], arcs).Build();
        FlowSensitivity sensitivity = new(network, FlowSolver.Solve(network));
        Assert.Equal(new BoundPrice((Int128)2 * dear, 2, (Int128)2 * dear, 4), sensitivity.UpperBoundPrice(0));
        Assert.Equal(new TransferPrice(dear, FlowNetwork.Unlimited, dear, 2), sensitivity.Transfer(0, 1));
        Assert.Equal(new TransferPrice(null, 0, dear, 2), sensitivity.Transfer(0, 2));
        Assert.Equal(new UseThreshold(null, 0), sensitivity.ThresholdOf(3));
        Assert.Equal(new ReducedCostRange(0, null), sensitivity.ReducedCosts(3));
    }

    [Fact]
    public void Queries_BoundsNearTheEndOfTheRange_SayWithoutEnd()
    {
        const long wide = long.MaxValue - 1; // the flow is −2 on the first arc, so it can rise by 2^63 and fall by 2^63 − 4
        FlowNetwork network = new NetworkSpec([0, 0], [new(0, 1, -wide, wide, 1), new(0, 1, 2, 2, 5)]).Build();
        FlowSensitivity sensitivity = new(network, FlowSolver.Solve(network));
        Assert.Equal(new BoundPrice(4, FlowNetwork.Unlimited, null, 0), sensitivity.LowerBoundPrice(1));
        Assert.Equal(new BoundPrice(0, FlowNetwork.Unlimited, null, 0), sensitivity.UpperBoundPrice(1));
        Assert.Equal(new TransferPrice(1, FlowNetwork.Unlimited, 1, wide - 2), sensitivity.Transfer(0, 1));
    }

    [Fact]
    public void Create_WrongSolution_Throws()
    {
        FlowNetwork network = new NetworkSpec([1, -1], [new(0, 1, 0, 2, 1), new(0, 1, 0, 2, 3)]).Build();
        FlowSolution dear = FlowSolution.Optimal(default, [0, 1], [0, 3], 3);
        Assert.Throws<ArgumentException>(() => new FlowSensitivity(network, dear));
        FlowNetwork unserved = new NetworkSpec([1], []).Build();
        Assert.Throws<ArgumentException>(() => new FlowSensitivity(unserved, FlowSolver.Solve(unserved)));
    }

    [Fact]
    public void Queries_NoSuchArcOrNode_Throw()
    {
        FlowNetwork network = new NetworkSpec([1, -1], [new(0, 1, 0, 2, 1)]).Build();
        FlowSensitivity sensitivity = new(network, FlowSolver.Solve(network));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.UpperBoundPrice(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.LowerBoundPrice(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.ThresholdOf(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.ReducedCosts(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.ThresholdsInto(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.UpperBoundGainsInto(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sensitivity.Transfer(0, 2));
    }

    [Fact]
    public void Queries_OfOneArc_AllocateNothingOnceWarm()
    {
        FlowNetwork network = SyntheticNetwork.Create(new SyntheticSize(150, 12, 40, 8, 3), SyntheticShape.Layered, seed: 3, 1.02);
        FlowSensitivity sensitivity = new(network, FlowSolver.Solve(network));
        Ask();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask()
        {
            for (int e = 0; e < network.ArcCount; e += 7)
            {
                sensitivity.UpperBoundPrice(e);
                sensitivity.LowerBoundPrice(e);
                sensitivity.ThresholdOf(e);
                sensitivity.ReducedCosts(e);
            }
        }
    }

    private static void UpperBounds(NetworkSpec spec, FlowSolution solution, FlowSensitivity sensitivity)
    {
        var oracle = new LeastCost(spec);
        for (int e = 0; e < spec.Arcs.Length; e++)
        {
            (long lower, long upper) = (spec.Arcs[e].Lower, spec.Arcs[e].Upper);
            BoundPrice price = sensitivity.UpperBoundPrice(e);
            Assert.True(price.GainPerUnit >= 0 && !(price.LossPerUnit < price.GainPerUnit));
            if (upper == FlowNetwork.Unlimited)
            {
                Assert.Equal(new BoundPrice(0, FlowNetwork.Unlimited, 0, FlowNetwork.Unlimited), price);
                continue;
            }

            LeastCost.AssertSlope(units => oracle.WithBounds(e, lower, upper + units), -price.GainPerUnit, price.GainUnits);
            LeastCost.AssertSlope(units => oracle.WithBounds(e, lower, upper - units), price.LossPerUnit, price.LossUnits);
        }
    }

    private static void LowerBounds(NetworkSpec spec, FlowSolution solution, FlowSensitivity sensitivity)
    {
        var oracle = new LeastCost(spec);
        for (int e = 0; e < spec.Arcs.Length; e++)
        {
            (long lower, long upper) = (spec.Arcs[e].Lower, spec.Arcs[e].Upper);
            BoundPrice price = sensitivity.LowerBoundPrice(e);
            LeastCost.AssertSlope(units => oracle.WithBounds(e, lower - units, upper), -price.GainPerUnit, price.GainUnits);
            LeastCost.AssertSlope(units => oracle.WithBounds(e, lower + units, upper), price.LossPerUnit, price.LossUnits);
        }
    }

    private static void Thresholds(NetworkSpec spec, FlowSolution solution, FlowSensitivity sensitivity)
    {
        var oracle = new LeastCost(spec);
        for (int e = 0; e < spec.Arcs.Length; e++)
        {
            UseThreshold threshold = sensitivity.ThresholdOf(e);
            (long lower, long cost) = (spec.Arcs[e].Lower, spec.Arcs[e].Cost);
            if (threshold.CostReduction is not { } reduction)
            {
                Assert.Null(oracle.WithCost(e, cost, lower + 1));
                continue;
            }

            Int128? tie = oracle.WithCost(e, cost - reduction, lower); // forcing the arc into use is free there, not before
            Assert.Equal(tie, oracle.WithCost(e, cost - reduction, lower + 1));
            if (reduction > 0) Assert.True(oracle.WithCost(e, cost - reduction + 1, lower + 1) > oracle.WithCost(e, cost - reduction + 1, lower));
            long most = Math.Min(threshold.MostFlow, LeastCost.Far);
            Assert.Equal(tie, oracle.WithCost(e, cost - reduction, most));
            if (most < LeastCost.Far) Assert.True(oracle.WithCost(e, cost - reduction, most + 1) is not { } next || next > tie);
            else Assert.Equal(FlowNetwork.Unlimited, threshold.MostFlow);
            Assert.True(ReducedCost(spec, solution, e) <= reduction);
        }
    }

    private static void Transfers(NetworkSpec spec, FlowSolution solution, FlowSensitivity sensitivity)
    {
        var oracle = new LeastCost(spec);
        int nodes = Math.Min(spec.Supplies.Length, 6);
        for (int pair = 0; pair < nodes * nodes; pair++)
        {
            (int from, int to) = (pair / nodes, pair % nodes);
            TransferPrice price = sensitivity.Transfer(from, to);
            LeastCost.AssertSlope(units => oracle.WithTransfer(from, to, units), price.CostPerUnit, price.Units);
            LeastCost.AssertSlope(units => oracle.WithTransfer(from, to, -units), -price.SavingPerUnit, price.SavingUnits);
            Int128 difference = solution.Potentials[to] - solution.Potentials[from];
            Assert.False(difference > price.CostPerUnit || difference < price.SavingPerUnit);
        }
    }

    private static void ReducedCosts(NetworkSpec spec, FlowSolution solution, FlowSensitivity sensitivity)
    {
        var oracle = new LeastCost(spec);
        for (int e = 0; e < spec.Arcs.Length; e++)
        {
            ArcSpec arc = spec.Arcs[e];
            Int128? there = oracle.WithTransfer(arc.Tail, arc.Head, 1) - solution.Objective;
            Int128? back = oracle.WithTransfer(arc.Head, arc.Tail, 1) - solution.Objective;
            ReducedCostRange range = sensitivity.ReducedCosts(e);
            Assert.Equal(new ReducedCostRange(arc.Cost - there, arc.Cost + back), range);
            Int128 reduced = ReducedCost(spec, solution, e);
            Assert.False(reduced < range.Least || reduced > range.Greatest);
        }
    }

    private static void Stars(NetworkSpec spec, FlowSolution solution, FlowSensitivity sensitivity)
    {
        for (int v = 0; v < spec.Supplies.Length; v++)
        {
            int[] into = [.. Enumerable.Range(0, spec.Arcs.Length).Where(e => spec.Arcs[e].Head == v)];
            Assert.Equal(into.Select(e => new ArcThreshold(e, sensitivity.ThresholdOf(e).CostReduction)), sensitivity.ThresholdsInto(v));
            Assert.Equal(into.Select(e => new ArcGain(e, sensitivity.UpperBoundPrice(e).GainPerUnit)), sensitivity.UpperBoundGainsInto(v));
        }
    }

    private static Int128 ReducedCost(NetworkSpec spec, FlowSolution solution, int arc)
        => spec.Arcs[arc].Cost + solution.Potentials[spec.Arcs[arc].Tail] - solution.Potentials[spec.Arcs[arc].Head];

    // Arcs and nodes in reverse order take the solver to another corner where there is one.
    private static FlowSolution OtherOptimum(NetworkSpec spec)
    {
        int last = spec.Supplies.Length - 1;
        ArcSpec[] arcs = [.. spec.Arcs.Reverse().Select(a => a with { Tail = last - a.Tail, Head = last - a.Head })];
        FlowSolution mirrored = FlowSolver.Solve(new NetworkSpec([.. spec.Supplies.Reverse()], arcs).Build());
        return FlowSolution.Optimal(default, [.. mirrored.Flow.ToArray().Reverse()], [.. mirrored.Potentials.ToArray().Reverse()], mirrored.Objective);
    }

    private static string Answers(FlowNetwork network, FlowSensitivity sensitivity)
    {
        IEnumerable<string> ofArcs = Enumerable.Range(0, network.ArcCount).Select(e =>
            $"{sensitivity.UpperBoundPrice(e)} {sensitivity.LowerBoundPrice(e)} {sensitivity.ThresholdOf(e).CostReduction} {sensitivity.ReducedCosts(e)}");
        IEnumerable<string> ofNodes = Enumerable.Range(0, network.NodeCount).Select(v => sensitivity.Transfer(v, network.NodeCount - 1 - v).ToString());
        return string.Join('\n', ofArcs.Concat(ofNodes));
    }

    private static void Each(Arbitrary<NetworkSpec> networks, int tests, Action<NetworkSpec, FlowSolution, FlowSensitivity> check)
        => Check.One(Config.QuickThrowOnFailure.WithReplay(20261121UL, 31UL).WithMaxTest(tests), Prop.ForAll(networks, spec =>
        {
            FlowNetwork network = spec.Build();
            FlowSolution solution = FlowSolver.Solve(network);
            if (solution.Status == FlowStatus.Optimal) check(spec, solution, new FlowSensitivity(network, solution));
        }));
}
