using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TrafficDispatch.Flow;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class SyntheticNetworkTests
{
    private static readonly SyntheticSize Tiny = new(120, 6, 16, 5, 3);

    /// <summary>Pinned, so that a machine or a runtime that rounds otherwise is found out, and benchmarks of different days compare.</summary>
    [Theory]
    [InlineData(SyntheticShape.OneLayer, "E874B80C619AB169")]
    [InlineData(SyntheticShape.Layered, "9A96E4E9B515518D")]
    [InlineData(SyntheticShape.Dispatch, "11476360BA84CDEF")]
    public void Create_SameArguments_GiveTheSameArraysEverywhere(SyntheticShape shape, string hash)
    {
        Assert.Equal(hash, Hash(SyntheticNetwork.Create(Tiny, shape)));
        Assert.NotEqual(hash, Hash(SyntheticNetwork.Create(Tiny, shape, seed: 2)));
        Assert.NotEqual(hash, Hash(SyntheticNetwork.Create(Tiny, shape, capacityPerDemand: 1.02)));
    }

    /// <summary>What the sizes are for: under ordinary load 20 to 40 % of the edges are full.</summary>
    [Theory]
    [InlineData("S", SyntheticShape.OneLayer, 1)]
    [InlineData("S", SyntheticShape.OneLayer, 2)]
    [InlineData("S", SyntheticShape.Layered, 1)]
    [InlineData("S", SyntheticShape.Layered, 2)]
    [InlineData("M", SyntheticShape.OneLayer, 1)]
    [InlineData("M", SyntheticShape.OneLayer, 2)]
    [InlineData("M", SyntheticShape.Layered, 1)]
    [InlineData("M", SyntheticShape.Layered, 2)]
    public void Create_OrdinaryLoad_FillsSomeEdges(string name, SyntheticShape shape, int seed)
    {
        SyntheticSize size = SyntheticSize.Named(name)!;
        FlowNetwork network = SyntheticNetwork.Create(size, shape, seed);
        FlowSolution solution = Solved(network);
        Assert.InRange(FullPercent(network, solution, size.Groups, size.Edges), 20, 40);
        if (shape != SyntheticShape.Layered) return;
        int edgeOut = size.Groups + size.Edges + 1, relayIn = edgeOut + size.Edges, relayOut = relayIn + size.Relays, origin = relayOut + size.Relays;
        Assert.InRange(FullPercent(network, solution, edgeOut, size.Edges), 50, 99); // edges with a full link
        Assert.InRange(FullPercent(network, solution, relayIn, size.Relays), 5, 50);
        Assert.InRange(FullPercent(network, solution, relayOut, size.Relays), 20, 99); // relays with a full link
        if (name == "M") Assert.InRange(FullPercent(network, solution, origin, size.Origins), 5, 50);
    }

    [Theory]
    [InlineData(SyntheticShape.OneLayer)]
    [InlineData(SyntheticShape.Layered)]
    public void Create_Overloaded_LeavesATenthUnserved(SyntheticShape shape)
    {
        SyntheticSize small = SyntheticSize.Named("S")!;
        FlowNetwork network = SyntheticNetwork.Create(small, shape, capacityPerDemand: 0.9);
        Assert.InRange(Unserved(network, Solved(network), 1, 0), 0.1, 0.2);
    }

    /// <summary>Priorities: an overloaded network sheds downloads first, live traffic last.</summary>
    [Fact]
    public void Create_OverloadedDispatch_ShedsTheLowestPriorityFirst()
    {
        FlowNetwork network = SyntheticNetwork.Create(SyntheticSize.Named("S")!, SyntheticShape.Dispatch, capacityPerDemand: 0.9);
        FlowSolution solution = Solved(network);
        double live = Unserved(network, solution, 3, 0), downloads = Unserved(network, solution, 3, 2);
        Assert.InRange(downloads, 0.3, 1);
        Assert.InRange(live, 0, downloads / 4);
    }

    [Fact]
    public void Create_Dispatch_HasEveryPartOfTheModel()
    {
        SyntheticSize size = SyntheticSize.Named("S")!;
        FlowNetwork network = SyntheticNetwork.Create(size, SyntheticShape.Dispatch);
        int sink = size.Groups + size.Edges;
        ArcFacts[] arcs = [.. Enumerable.Range(0, network.ArcCount).Select(a => new ArcFacts(network, a))];
        ArcFacts[] access = [.. arcs.Where(a => a.Tail < size.Groups && a.Head != sink)];
        Assert.Equal(3, arcs.Where(a => a.Tail < size.Groups && a.Head == sink).Select(a => a.Cost).Distinct().Count());
        Assert.InRange(access.GroupBy(a => (a.Tail, a.Head)).Count(same => same.Count() == 2), 900, 1500); // keep beside move
        Assert.InRange(access.Count(a => a.Upper < network.Supplies[a.Tail]), 400, 1500); // keep below demand
        Assert.InRange(access.Count(a => a.Lower > 0), 150, 400); // sticky
        Assert.InRange(access.Where(a => a.Head > sink).Select(a => a.Head).Distinct().Count(), 200, 300); // interconnects
        Assert.All(Enumerable.Range(size.Groups, size.Edges), e => Assert.Equal(4, arcs.Count(a => a.Tail == e))); // congestion steps
        ArcFacts[] contracts = [.. arcs.Where(a => a.Tail > sink && a.Head == sink)];
        Assert.Contains(contracts, static a => a.Lower > 0 && a.Cost < 0);
        Assert.Contains(contracts, static a => a.Lower > 0 && a.Cost == 0);
        Assert.Contains(contracts, static a => a.Lower == 0 && a.Cost > 0);
        Assert.All(arcs, a => Assert.True(a.Head >= size.Groups, "a group is a node that no arc enters"));
    }

    /// <summary>Without drift what a group's keep arcs hold is at most its demand; with drift it is above that for some, and falls short for more.</summary>
    [Fact]
    public void Create_Drift_MovesDemandAwayFromWhatWasServed()
    {
        (int above, int _) = Kept(SyntheticNetwork.Create(Tiny, SyntheticShape.Dispatch, driftPercent: 0));
        Assert.Equal(0, above);
        (above, int below) = Kept(SyntheticNetwork.Create(Tiny, SyntheticShape.Dispatch, driftPercent: 30));
        Assert.InRange(above, Tiny.Groups / 4, Tiny.Groups);
        Assert.InRange(below, Tiny.Groups / 4, Tiny.Groups);
    }

    /// <summary>Groups whose keep arcs (the cheaper of two parallel ones) hold more or less than the demand.</summary>
    private static (int Above, int Below) Kept(FlowNetwork network)
    {
        long[] keep = new long[Tiny.Groups];
        foreach (IGrouping<(int Tail, int Head), ArcFacts> pair in Enumerable.Range(0, network.ArcCount).Select(a => new ArcFacts(network, a))
            .Where(static a => a.Tail < Tiny.Groups).GroupBy(static a => (a.Tail, a.Head)).Where(static same => same.Count() == 2))
            keep[pair.Key.Tail] += pair.MinBy(static a => a.Cost)!.Upper;
        int[] signs = [.. keep.Select((volume, g) => volume.CompareTo(network.Supplies[g]))];
        return (signs.Count(static s => s > 0), signs.Count(static s => s < 0));
    }

    [Fact]
    public void Create_ImpossibleArguments_Throws()
    {
        SyntheticSize small = SyntheticSize.Named("S")!;
        foreach (SyntheticSize wrong in new[] { small with { Candidates = 101 }, small with { Relays = 0 }, small with { Groups = 0 }, small with { Edges = 1 << 21 } })
            Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(wrong, SyntheticShape.OneLayer));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(small, SyntheticShape.OneLayer, capacityPerDemand: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(small, SyntheticShape.OneLayer, capacityPerDemand: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(small, SyntheticShape.Dispatch, driftPercent: 91));
        Assert.Throws<ArgumentOutOfRangeException>(() => SyntheticNetwork.Create(small, (SyntheticShape)7));
    }

    [Theory]
    [InlineData("300x8x20", 300, 8, 20, 4, 2)]
    [InlineData("300x8x240x6x3", 300, 8, 240, 6, 3)]
    [InlineData("M", 10_000, 32, 500, 60, 12)]
    public void Parse_NameOrNumbers_IsASize(string text, int groups, int candidates, int edges, int relays, int origins) =>
        Assert.Equal(new SyntheticSize(groups, candidates, edges, relays, origins), SyntheticSize.Parse(text));

    [Theory]
    [InlineData("XXL")]
    [InlineData("")]
    [InlineData("300x8")]
    [InlineData("300x30x20")]
    [InlineData("300x8x-20")]
    [InlineData("2000000000x64x64")]
    [InlineData("99999999999x1x1")]
    public void Parse_AnythingElse_IsNull(string text) => Assert.Null(SyntheticSize.Parse(text));

    private static FlowSolution Solved(FlowNetwork network)
    {
        FlowSolution solution = FlowSolver.Solve(network);
        Assert.Equal(FlowStatus.Optimal, solution.Status);
        Assert.True(OptimalityCertificate.Check(network, solution).Valid);
        return solution;
    }

    /// <summary>How many of some nodes have an arc out of them that is full.</summary>
    private static double FullPercent(FlowNetwork network, FlowSolution solution, int first, int count)
    {
        HashSet<int> full = [];
        for (int a = 0; a < network.ArcCount; a++)
            if (network.Tails[a] >= first && network.Tails[a] < first + count && solution.Flow[a] == network.UpperBounds[a]) full.Add(network.Tails[a]);
        return 100.0 * full.Count / count;
    }

    /// <summary>The part of the demand of every <paramref name="classes"/>-th group that overflows.</summary>
    private static double Unserved(FlowNetwork network, FlowSolution solution, int classes, int which)
    {
        long overflow = 0, demand = 0;
        foreach (long supply in Enumerable.Range(0, network.NodeCount).Where(v => network.Supplies[v] > 0 && v % classes == which).Select(v => network.Supplies[v]))
            demand += supply;
        for (int a = 0; a < network.ArcCount; a++)
            if (network.Costs[a] >= SyntheticNetwork.OverflowCost && network.Tails[a] % classes == which) overflow += solution.Flow[a];
        return (double)overflow / demand;
    }

    private static string Hash(FlowNetwork network)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(network.Supplies));
        hash.AppendData(MemoryMarshal.AsBytes(network.Tails));
        hash.AppendData(MemoryMarshal.AsBytes(network.Heads));
        hash.AppendData(MemoryMarshal.AsBytes(network.LowerBounds));
        hash.AppendData(MemoryMarshal.AsBytes(network.UpperBounds));
        hash.AppendData(MemoryMarshal.AsBytes(network.Costs));
        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private sealed record ArcFacts(int Tail, int Head, long Lower, long Upper, long Cost)
    {
        public ArcFacts(FlowNetwork n, int arc)
            : this(n.Tails[arc], n.Heads[arc], n.LowerBounds[arc], n.UpperBounds[arc], n.Costs[arc])
        {
        }
    }
}
