using System.Buffers;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;
using Xunit.Abstractions;

namespace TrafficDispatch.Core.Tests.Solve;

public sealed class StartingPointTests(ITestOutputHelper output)
{
    private static readonly Assignment Evening = Solve(18, null);

    [Fact]
    public void Solve_FromAnotherHoursEnd_FindsTheSameOptimumAndSaysSo()
    {
        (Assignment fresh, Assignment continued) = (Solve(19, null), Solve(19, Evening.StartingPoint));
        Assert.Equal((false, true), (fresh.Trace.IsContinued, continued.Trace.IsContinued));
        Assert.Equal(fresh.Trace.Objective, continued.Trace.Objective);
        Assert.True(continued.Trace.Certificate.Valid);
        Assert.True(continued.Trace.Pivots < fresh.Trace.Pivots, $"{continued.Trace.Pivots} pivots beside {fresh.Trace.Pivots}");
    }

    [Fact]
    public void Solve_SameSnapshotAndStart_GivesTheSameTableBytes()
    {
        byte[] kept = Bytes(Evening.StartingPoint);
        Assert.True(StartingPoint.TryRead(kept, out StartingPoint? read, out string fault), fault);
        Assert.Equal(kept, Bytes(read));
        Assert.Equal(Hash(Solve(19, Evening.StartingPoint)), Hash(Solve(19, read)));
    }

    /// <summary>What was dear then may be cheap now: candidates carry no prices.</summary>
    [Fact]
    public void Solve_CostsChangedMeanwhile_FindsTheirOptimum()
    {
        World world = ShippedWorld.World;
        World dearer = new(world.Facts with { Edges = [.. world.Facts.Edges.Select(static (e, i) => i % 3 == 0 ? e with { Capacity = new Gbps(e.Capacity.Value / 2) } : e)] });
        (Assignment fresh, Assignment continued) = (Solve(19, null, dearer), Solve(19, Evening.StartingPoint, dearer));
        Assert.Equal((fresh.Trace.Objective, true), (continued.Trace.Objective, continued.Trace.IsContinued));
    }

    [Fact]
    public void Solve_StartOfAnotherWorld_IsPassedOver()
    {
        using TestWorld files = TestWorld.Small();
        Assignment small = DispatchSolver.Solve(new Snapshot(files.Build(), 19), new() { StartingPoint = Evening.StartingPoint }).Assignment!;
        Assert.False(small.Trace.IsContinued);
        Assert.Equal(DispatchSolver.Solve(new Snapshot(files.Build(), 19)).Assignment!.Trace.Objective, small.Trace.Objective);
    }

    /// <summary>At planet size, 3.2 million candidates of 50,000 groups, that is some 10 MB.</summary>
    [Fact]
    public void Write_ShippedWorld_TakesThreeBytesACandidate()
    {
        long bytes = Bytes(Evening.StartingPoint).Length, candidates = 3L * Evening.Trace.Arcs;
        output.WriteLine($"{bytes} bytes for {Evening.Model.Groups.Count} groups and {Evening.Trace.Arcs} candidates");
        Assert.InRange(bytes, candidates, candidates + 12L * Evening.Model.Groups.Count + 32_000);
    }

    [Fact]
    public void TryRead_CutOrAltered_IsRefused()
    {
        byte[] bytes = Bytes(Evening.StartingPoint);
        for (int i = 0; i < 50; i++)
        {
            int at = (int)((long)i * bytes.Length / 50);
            Assert.False(StartingPoint.TryRead(bytes.AsSpan(0, at), out _, out _));
            byte[] altered = [.. bytes];
            altered[at] ^= 0x10;
            Assert.False(StartingPoint.TryRead(altered, out _, out string fault));
            Assert.StartsWith("starting point: ", fault, StringComparison.Ordinal);
        }
    }

    private static Assignment Solve(int hour, StartingPoint? start, World? world = null) =>
        DispatchSolver.Solve(new Snapshot(world ?? ShippedWorld.World, hour), new() { StartingPoint = start }).Assignment!;

    private static byte[] Bytes(StartingPoint start)
    {
        ArrayBufferWriter<byte> bytes = new();
        start.Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static string Hash(Assignment assignment)
    {
        World world = assignment.Snapshot.World;
        TableContent content = TableBuilder.Build(assignment, PrefixIndex.Build(world.Facts.Prefixes.AsSpan()), TableBuilder.RegionLocations(world));
        return RoutingTable.Create(content, new(1, 1), DateTimeOffset.UnixEpoch).ContentHash;
    }
}
