using System.Globalization;
using System.Text;
using TrafficDispatch.Model;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>Edges that keep only part of their clients: who moves, where to, and who stays.</summary>
public sealed class LightenedTests
{
    private const int Clients = 4000;
    private static readonly RoutingTable Table = new TableSketch().Build();

    [Fact]
    public void Decide_EverybodyKeepsAll_IsAsWithoutWeights()
    {
        for (int c = 0; c < Clients; c++) Assert.Equal(First(c, []), First(c, [100, 100, 100, 100, 100]));
    }

    [Theory]
    [InlineData(0, 25)]
    [InlineData(25, 60)]
    [InlineData(60, 100)]
    public void Decide_EdgeKeepsMore_MovesOnlyTheDifferenceAndOnlyToIt(byte less, byte more)
    {
        int moved = 0, own = 0;
        for (int c = 0; c < Clients; c++)
        {
            if (First(c, []).Edge == Muc) own++;
            (ushort before, ushort after) = (First(c, [less]).Edge, First(c, [more]).Edge);
            if (before == after) continue;
            Assert.Equal(Muc, after);
            moved++;
        }
        Assert.InRange(moved, own * (more - less - 4) / 100, own * (more - less + 4) / 100);
    }

    [Fact]
    public void Decide_ClientIsGivenAway_SaysWhyAndByWhom()
    {
        int client = Enumerable.Range(0, Clients).First(static c => First(c, []).Edge == Muc && First(c, [30]).Edge != Muc);
        (ushort edge, Decision decision) = First(client, [30]);
        Assert.Equal((DecisionReason.LoadShed, (ushort)Fra, Muc + 1, (byte)30), (decision.Reason, edge, decision.ShedFromNumber, decision.KeptPercent));
        string reason = Table.Explain(decision, [new(edge, 6144)]);
        Assert.Contains("falls to own-muc, which keeps 30 % of its clients for now", reason, StringComparison.Ordinal);
        Assert.Contains("own-fra is the next allowed edge with room", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_NobodyHasRoom_StaysWhereItFalls()
    {
        for (int c = 0; c < Clients; c++) Assert.Equal(First(c, []), First(c, [10], full: (1UL << Fra) | (1UL << Cdn)));
    }

    [Fact]
    public void Decide_FirstChoiceIsFull_TakesTheNextWithRoom()
    {
        ushort[] taken = [.. Enumerable.Range(0, Clients).Where(static c => First(c, []).Edge == Muc).Select(static c => First(c, [0], full: 1UL << Fra).Edge).Distinct()];
        Assert.Equal([(ushort)Cdn], taken);
    }

    [Fact]
    public void Decide_BoundRegionWithOneEdge_NeverLeavesIt()
    {
        for (int c = 0; c < 500; c++)
        {
            EdgeShare[] ranked = new EdgeShare[3];
            Decision d = Table.Decide(DecisionRequest.ForRegion(Live, Cn) with { SessionKey = Key(c), Kept = [100, 100, 100, 0, 100] }, ranked);
            Assert.Equal((Pek, DecisionReason.Assigned, 1), (ranked[0].Edge, d.Reason, d.Count));
        }
    }

    [Fact]
    public void Decide_OneEdgeAskedFor_IsTheFirstOfMany()
    {
        for (int c = 0; c < Clients; c++)
        {
            EdgeShare[] one = new EdgeShare[1], many = new EdgeShare[5];
            DecisionRequest request = DecisionRequest.ForRegion(Live, De) with { SessionKey = Key(c), Kept = [40, 70], Full = [1UL << Cdn] };
            Decision single = Table.Decide(request, one), several = Table.Decide(request, many);
            Assert.Equal((many[0], several.Reason), (one[0], single.Reason));
            Assert.Equal(several.Count, many.Take(several.Count).Select(static m => m.Edge).Distinct().Count());
        }
    }

    [Fact]
    public void Decide_LightenedWarmedUp_AllocatesNothing()
    {
        EdgeShare[] ranked = new EdgeShare[3];
        Run();
        long bytes = Run();
        for (int again = 0; again < 4 && bytes > 0; again++) bytes = Run(); // a collection in another test may count once
        Assert.Equal(0, bytes);

        long Run()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (uint i = 0; i < 2000; i++)
            {
                DecisionRequest request = DecisionRequest.ForAddress(Live, ClientAddress.FromV4(0xC0000200 + i % 512));
                Table.Decide(request with { Kept = [25, 50], Full = [1UL << Cdn] }, ranked);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static (ushort Edge, Decision Decision) First(int client, byte[] kept, ulong full = 0)
    {
        EdgeShare[] ranked = new EdgeShare[3];
        Decision decision = Table.Decide(DecisionRequest.ForRegion(Live, De) with { SessionKey = Key(client), Kept = kept, Full = full == 0 ? [] : [full] }, ranked);
        return (ranked[0].Edge, decision);
    }

    private static byte[] Key(int client) => Encoding.UTF8.GetBytes(client.ToString(CultureInfo.InvariantCulture));
}
