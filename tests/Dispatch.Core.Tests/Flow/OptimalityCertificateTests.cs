using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow;

/// <summary>Hand-made claims: one network, 0 to 1 by a cheap arc (cost 1, at most 4) or a dear one (cost 3), 6 units.</summary>
public sealed class OptimalityCertificateTests
{
    private static readonly FlowNetwork Network = new NetworkSpec([6, -6], [new(0, 1, 0, 4, 1), new(0, 1, 0, 9, 3)]).Build();

    [Fact]
    public void Check_RightClaim_IsValidWithEqualObjectives()
    {
        OptimalityCertificate certificate = OptimalityCertificate.Check(Network, [4, 2], [0, 3]);
        Assert.True(certificate.Valid);
        Assert.Equal((10, 10, 0), ((int)certificate.PrimalObjective, (int)certificate.DualObjective, (int)certificate.Gap));
    }

    [Fact]
    public void Check_DearFlow_NamesTheArcAndTheGap()
    {
        OptimalityCertificate certificate = OptimalityCertificate.Check(Network, [3, 3], [0, 3]);
        CertificateViolation violation = Assert.Single(certificate.Violations);
        Assert.Equal((CertificateRule.ComplementarySlackness, 0), (violation.Rule, violation.Arc));
        Assert.Equal("arc 0 (0 -> 1): reduced cost -2, yet flow 3 is below the upper bound 4", violation.Text);
        Assert.Equal(2, certificate.Gap);
        Assert.False(certificate.Valid);
    }

    [Theory]
    [InlineData(2, "arc 1 (0 -> 1): reduced cost 1, yet flow 2 is above the lower bound 0")]
    [InlineData(4, "arc 1 (0 -> 1): reduced cost -1, yet flow 2 is below the upper bound 9")]
    public void Check_WrongPotential_NamesTheArc(int potential, string text)
    {
        OptimalityCertificate certificate = OptimalityCertificate.Check(Network, [4, 2], [0, potential]);
        Assert.Equal(text, Assert.Single(certificate.Violations).Text);
        Assert.True(certificate.Gap > 0);
    }

    [Fact]
    public void Check_LostFlow_NamesBothNodes()
        => Assert.Equal(
            ["node 0: 5 leaves on balance, the supply is 6", "node 1: -5 leaves on balance, the supply is -6"],
            OptimalityCertificate.Check(Network, [4, 1], [0, 3]).Violations.Select(v => v.Text),
            StringComparer.Ordinal);

    [Fact]
    public void Check_FlowOutsideItsBounds_NamesTheArc()
    {
        OptimalityCertificate certificate = OptimalityCertificate.Check(Network, [7, -1], [0, 3]);
        Assert.Equal(2, certificate.Violations.Count(v => v.Rule == CertificateRule.Bounds));
        Assert.False(certificate.Valid);
    }

    [Fact]
    public void Check_WrongLengths_IsRejected()
        => Assert.Equal(2, OptimalityCertificate.Check(Network, [4], [0]).Violations.Count(v => v.Rule == CertificateRule.Shape));

    [Fact]
    public void Check_PotentialBeyondRange_IsRejected()
        => Assert.Equal(CertificateRule.PotentialRange, Assert.Single(OptimalityCertificate.Check(Network, [4, 2], [0, Int128.MaxValue]).Violations).Rule);

    [Fact]
    public void Check_GreatPotentials_AreHeldAtTheEndOfTheRange()
    {
        OptimalityCertificate certificate = OptimalityCertificate.Check(Network, [4, 2], [0, Int128.One << 124]);
        Assert.False(certificate.Valid);
        Assert.True(certificate.Gap > Int128.One << 120);
    }

    [Fact]
    public void Check_NegativeReducedCostWithoutBound_HasNoDual()
    {
        FlowNetwork open = new NetworkSpec([1, -1], [new(0, 1, 0, FlowNetwork.Unlimited, 1)]).Build();
        OptimalityCertificate certificate = OptimalityCertificate.Check(open, [1], [0, 5]);
        Assert.Equal(Int128.MinValue, certificate.DualObjective);
        Assert.Equal(Int128.MaxValue, certificate.Gap);
        Assert.False(certificate.Valid);
    }

    [Fact]
    public void Check_FailedSolve_Throws()
    {
        FlowNetwork broken = new NetworkSpec([1], []).Build();
        Assert.Throws<ArgumentException>(() => OptimalityCertificate.Check(broken, FlowSolver.Solve(broken)));
    }

    [Fact]
    public void Check_ManyViolations_ListsAHundredAndCountsAll()
    {
        FlowNetwork wide = new NetworkSpec(new long[300], []).Build();
        long[] supplies = [.. Enumerable.Repeat(1L, 300)];
        FlowNetwork unserved = new NetworkSpec(supplies, []).Build();
        Assert.True(OptimalityCertificate.Check(wide, [], new Int128[300]).Valid);
        OptimalityCertificate certificate = OptimalityCertificate.Check(unserved, [], new Int128[300]);
        Assert.Equal((100, 300L), (certificate.Violations.Count, certificate.ViolationCount));
    }
}
