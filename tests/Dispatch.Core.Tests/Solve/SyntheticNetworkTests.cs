using System.Security.Cryptography;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class SyntheticNetworkTests
{
    private static readonly SyntheticSize Small = SyntheticSize.Named("S")!;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Create_SameArguments_GiveTheSameNetworkAndAnotherSeedAnother(bool layered)
    {
        Assert.Equal(Hash(SyntheticNetwork.Create(Small, 1.25, 1, layered)), Hash(SyntheticNetwork.Create(Small, 1.25, 1, layered)));
        Assert.NotEqual(Hash(SyntheticNetwork.Create(Small, 1.25, 1, layered)), Hash(SyntheticNetwork.Create(Small, 1.25, 2, layered)));
    }

    /// <summary>What the sizes are for: under ordinary load 20 to 40 % of the edges are full, overloaded networks leave demand unserved.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Create_OrdinaryLoad_FillsSomeEdges(bool layered)
    {
        FlowNetwork network = SyntheticNetwork.Create(Small, 1.25, 1, layered);
        FlowSolution solution = FlowSolver.Solve(network);
        Assert.Equal(FlowStatus.Optimal, solution.Status);
        Assert.True(OptimalityCertificate.Check(network, solution).Valid);
        if (!layered) Assert.InRange(FullEdges(network, solution), 20, 40);
    }

    [Fact]
    public void Create_Overloaded_LeavesATenthUnserved()
    {
        FlowNetwork network = SyntheticNetwork.Create(Small, 0.9, 1, layered: false);
        FlowSolution solution = FlowSolver.Solve(network);
        long overflow = 0, demand = 0;
        for (int g = 0; g < Small.Groups; g++)
        {
            overflow += solution.Flow[network.ArcCount - Small.Groups + g];
            demand += network.Supplies[g];
        }
        Assert.InRange((double)overflow / demand, 0.1, 0.2);
    }

    [Fact]
    public void Create_ImpossibleArguments_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(Small with { Candidates = 101 }, 1.25, 1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(Small with { Relays = 0 }, 1.25, 1, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(Small, 0, 1, false));
        Assert.Null(SyntheticSize.Named("XXL"));
    }

    private static double FullEdges(FlowNetwork network, FlowSolution solution)
    {
        int first = Small.Groups * Small.Candidates, full = 0;
        for (int e = 0; e < Small.Edges; e++) if (solution.Flow[first + e] == network.UpperBounds[first + e]) full++;
        return 100.0 * full / Small.Edges;
    }

    private static string Hash(FlowNetwork network)
    {
        using MemoryStream text = new();
        DimacsWriter.Write(text, network);
        return Convert.ToHexString(SHA256.HashData(text.ToArray()));
    }
}
