using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>One network, 0 to 1 by a cheap arc (cost 1, at most 4) or a dear one (cost 3), 6 units; and what may differ.</summary>
public sealed class CertificateScanTests
{
    private static readonly FlowNetwork Network = new NetworkSpec([6, -6], [new(0, 1, 0, 4, 1), new(0, 1, 0, 9, 3)]).Build();
    private static readonly CertificateScan Shared = new(Network);

    [Fact]
    public void Check_RightClaim_IsValidWithEqualObjectives()
        => Assert.Equal(new CertificateVerdict(true, 10, 10, null, -1, -1), Scan([4, 2], [0, 3], default, [6, -6]));

    [Fact]
    public void Check_OverriddenArc_CountsInsteadOfTheNetworks()
    {
        ArcOverrides closed = new([0], [0], [0], [1]);
        Assert.Equal(new CertificateVerdict(true, 18, 18, null, -1, -1), Scan([0, 6], [0, 3], closed, [6, -6]));
        Assert.Equal((CertificateRule.Bounds, 0), Fault(Scan([4, 2], [0, 3], closed, [6, -6])));
    }

    [Fact]
    public void Check_OtherSupplies_CountInsteadOfTheNetworks()
    {
        Assert.True(Scan([4, 5], [0, 3], default, [9, -9]).Valid);
        CertificateVerdict verdict = Scan([4, 2], [0, 3], default, [9, -9]);
        Assert.Equal((CertificateRule.Conservation, 0), (verdict.Rule, verdict.Node));
    }

    [Fact]
    public void Check_WrongOverride_IsRefused()
    {
        ArcOverrides cheaper = new([1], [0], [9], [0]);
        Assert.Equal((CertificateRule.ComplementarySlackness, 1), Fault(Scan([4, 2], [0, 3], cheaper, [6, -6])));
        ArcOverrides forced = new([1], [3], [9], [3]);
        Assert.Equal((CertificateRule.Bounds, 1), Fault(Scan([4, 2], [0, 3], forced, [6, -6])));
    }

    [Fact]
    public void Check_ListsOutOfOrderOrOutOfRange_HaveNoShape()
    {
        CertificateVerdict noShape = new(false, 0, 0, CertificateRule.Shape, -1, -1);
        Assert.Equal(noShape, Shared.Check([0, 3], new SparseFlow([1, 0], [2, 4]), default, [6, -6]));
        Assert.Equal(noShape, Shared.Check([0, 3], new SparseFlow([0, 0], [2, 2]), default, [6, -6]));
        Assert.Equal(noShape, Shared.Check([0, 3], new SparseFlow([0, 2], [4, 2]), default, [6, -6]));
        Assert.Equal(noShape, Shared.Check([0, 3], new SparseFlow([0, 1], [4]), default, [6, -6]));
        Assert.Equal(noShape, Scan([4, 2], [0, 3], new ArcOverrides([0], [5], [4], [1]), [6, -6]));
        Assert.Equal(noShape, Scan([4, 2], [0, 3], new ArcOverrides([0], [0], [4], []), [6, -6]));
        Assert.Equal(noShape, Scan([4, 2], [0], default, [6, -6]));
        Assert.Equal(noShape, Scan([4, 2], [0, 3], default, [6]));
    }

    [Fact]
    public void Check_PotentialBeyondRange_NamesTheNode()
        => Assert.Equal(new CertificateVerdict(false, 0, 0, CertificateRule.PotentialRange, 1, -1), Scan([4, 2], [0, (1L << 61) + 1], default, [6, -6]));

    [Fact]
    public void Check_NegativeReducedCostWithoutBound_HasNoDual()
    {
        CertificateVerdict verdict = Scan([4, 2], [0, 4], new ArcOverrides([1], [0], [FlowNetwork.Unlimited], [3]), [6, -6]);
        Assert.Equal((false, Int128.MinValue, 1), (verdict.Valid, verdict.Dual, verdict.Arc));
    }

    [Fact]
    public void Check_LowerBoundWithoutFlow_IsFoundWhereTheScreenSeesNothing()
    {
        FlowNetwork forced = new NetworkSpec([0, 0], [new(0, 1, 1, 4, 1)]).Build();
        Assert.Equal((CertificateRule.Bounds, 0), Fault(new CertificateScan(forced).Check([0, 0], default, default, [0, 0])));
    }

    [Fact]
    public void Check_OneClaimAfterAnother_RememberingScanSaysTheSame()
    {
        (FlowNetwork network, int[] carrying, long[] amounts, long[] right) = Large();
        CertificateScan remembering = new(network, remember: true), plain = new(network);
        var random = new Random(6);
        int valid = 0, refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            long[] potentials = [.. right], claimed = [.. amounts];
            int moves = random.Next(4) switch { 0 => 0, 1 => 1, 2 => random.Next(12), _ => random.Next(100) };
            for (; moves > 0; moves--) potentials[random.Next(100)] += random.Next(-30, 31);
            if (random.Next(5) == 0) claimed[random.Next(claimed.Length)]++;
            if (random.Next(9) == 0) potentials = [.. potentials.Select(p => p + 17)];
            ArcOverrides overrides = random.Next(3) == 0 ? new([random.Next(10_001)], [0], [5], [random.Next(100)]) : default;
            SparseFlow flow = new(carrying, claimed);
            CertificateVerdict expected = plain.Check(potentials, flow, overrides, network.Supplies);
            Assert.Equal(expected, remembering.Check(potentials, flow, overrides, network.Supplies));
            _ = expected.Valid ? valid++ : refused++;
        }

        Assert.True(valid > 300 && refused > 1000, $"{valid} valid, {refused} refused");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_Again_AllocatesNothing(bool remember)
    {
        (FlowNetwork network, int[] carrying, long[] amounts, long[] potentials) = Large();
        var scan = new CertificateScan(network, remember);
        long[] usual = [.. potentials], after = [.. potentials];
        after[7]++;
        bool valid = Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int times = 0; times < 20; times++) valid &= Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(valid);

        bool Run()
        {
            scan.Check(after, new SparseFlow(carrying, amounts), default, network.Supplies);
            return scan.Check(usual, new SparseFlow(carrying, amounts), default, network.Supplies).Valid;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Check_OneWrongArcOfThousands_IsFoundWhereverItLies(bool scalar)
    {
        (FlowNetwork network, int[] carrying, long[] amounts, long[] potentials) = Large();
        var scan = new CertificateScan(network, remember: scalar, scalar);
        foreach (int arc in new[] { 0, 1, 2, 3, 4, 2046, 2047, 2048, 2049, 4095, 4096, 8191, 9999, 10_000 })
        {
            ArcOverrides gift = new([arc], [0], [FlowNetwork.Unlimited], [-1_000_000]);
            CertificateVerdict verdict = scan.Check(potentials, new SparseFlow(carrying, amounts), gift, network.Supplies);
            Assert.Equal((CertificateRule.ComplementarySlackness, arc), Fault(verdict));
            ArcOverrides forced = new([arc], [1000], [1000], [0]);
            Assert.Equal((CertificateRule.Bounds, arc), Fault(scan.Check(potentials, new SparseFlow(carrying, amounts), forced, network.Supplies)));
        }
    }

    // 100 nodes, 10,000 random arcs and one dear arc that always serves.
    private static (FlowNetwork Network, int[] Carrying, long[] Amounts, long[] Potentials) Large()
    {
        var random = new Random(4);
        ArcSpec[] arcs = [.. Enumerable.Range(0, 10_000).Select(_ => new ArcSpec(random.Next(100), random.Next(100), 0, random.Next(9), random.Next(100)))];
        FlowNetwork network = new NetworkSpec([50, .. new long[98], -50], [.. arcs, new ArcSpec(0, 99, 0, 50, 1000)]).Build();
        FlowSolution solution = FlowSolver.Solve(network);
        int[] carrying = [.. Enumerable.Range(0, network.ArcCount).Where(e => solution.Flow[e] != 0)];
        return (network, carrying, [.. carrying.Select(e => solution.Flow[e])], [.. solution.Potentials.ToArray().Select(p => (long)p)]);
    }

    private static (CertificateRule? Rule, int Arc) Fault(CertificateVerdict verdict) => (verdict.Rule, verdict.Arc);

    private static CertificateVerdict Scan(long[] flow, long[] potentials, ArcOverrides overrides, long[] supplies)
        => Shared.Check(potentials, new SparseFlow([0, 1], flow), overrides, supplies);
}
