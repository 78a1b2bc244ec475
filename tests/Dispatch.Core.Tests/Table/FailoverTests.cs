using TrafficDispatch.Model;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class FailoverTests
{
    // own-muc fails: Munich goes to Frankfurt and to the CDN in halves. own-muc and cdn-muc fail: Frankfurt takes 12288, the rest is unserved.
    private static readonly FailoverRows Rows = new(
        ["edge:own-muc", "domain:DE:Munich"], [0, 1, 3], [Muc, Muc, Cdn], [0, 1, 2], [0, 0], [0, 2, 3], [Cdn, Fra, Fra], [8192, 8192, 12288], [0, 4096],
        [new(1, ["CN"])]);

    private static readonly RoutingTable Planned = Table(Rows);

    [Fact]
    public void Decide_PlannedSetIsDown_AnswersFromItsShares()
    {
        Assert.Equal([Fra, Cdn], Chosen(Planned, 1UL << Muc));
        Assert.Equal([Muc, Fra], Chosen(Planned, 0));
        Decision decision = Planned.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [1UL << Muc] }, new EdgeShare[4]);
        Assert.Equal((1, DecisionReason.Failover, 8192), (decision.FailoverNumber, decision.Reason, decision.Share));
    }

    [Fact]
    public void Decide_EdgesThatTheTableKnowsToBeDown_AreNoPartOfTheSet() => Assert.Equal([Fra, Cdn], Chosen(Planned, (1UL << Muc) | (1UL << Old)));

    [Fact]
    public void Decide_CombinationNotPlanned_FallsToTheMainPlansRankedBackups()
    {
        ulong down = (1UL << Muc) | (1UL << Fra);
        Assert.Equal(-1, Planned.FailoverOf([down]));
        EdgeShare[] ranked = new EdgeShare[4];
        Decision decision = Planned.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [down] }, ranked);
        Assert.Equal((DecisionReason.Backup, 0), (decision.Reason, decision.FailoverNumber));
        Assert.Equal(new EdgeShare(Cdn, 0), ranked[0]);
        Assert.Equal(Answers(Table(FailoverRows.None), down), Answers(Planned, down));
    }

    [Fact]
    public void Decide_EntryThatTheFailoverLeavesAlone_StaysAsItIs()
    {
        EdgeShare[] ranked = new EdgeShare[4];
        Decision decision = Planned.Decide(DecisionRequest.ForRegion(Live, Cn) with { Down = [1UL << Muc] }, ranked);
        Assert.Equal((0, new EdgeShare(Pek, 16384)), (decision.FailoverNumber, ranked[0]));
    }

    [Fact]
    public void Decide_UnderAFailover_BackupsAreTheMainEntrysOtherEdgesThatAreUp()
    {
        RoutingTable table = Table(Rows with { Edge = [Fra, Fra], Weight = [16384, 12288], Start = [0, 1, 2] });
        EdgeShare[] ranked = new EdgeShare[4];
        int count = table.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [1UL << Muc] }, ranked).Count;
        Assert.Equal([new(Fra, 16384), new(Cdn, 0)], ranked[..count]);
    }

    [Fact]
    public void Decide_FailoverLeavesTrafficUnserved_ServicePolicyDecides()
    {
        ulong down = (1UL << Muc) | (1UL << Cdn);
        int shed = 0, spilled = 0;
        EdgeShare[] ranked = new EdgeShare[4];
        for (uint i = 0; i < 4096; i++)
        {
            ReadOnlySpan<byte> key = BitConverter.GetBytes(i);
            shed += Planned.Decide(DecisionRequest.ForRegion(Bulk, De) with { Down = [down], SessionKey = key }, ranked).Reason == DecisionReason.Shed ? 1 : 0;
            Decision live = Planned.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [down], SessionKey = key }, ranked);
            Assert.Equal(Fra, ranked[0].Edge);
            spilled += live.Reason == DecisionReason.OverCapacity ? 1 : 0;
        }
        Assert.InRange(shed, 900, 1150); // a quarter of them
        Assert.Equal(shed, spilled);
    }

    [Fact]
    public void Decide_PlannedSetIsDown_SharesAreThoseOfTheRow()
    {
        int first = 0;
        EdgeShare[] ranked = new EdgeShare[4];
        for (uint i = 0; i < 4096; i++)
        {
            Planned.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [1UL << Muc], SessionKey = BitConverter.GetBytes(i) }, ranked);
            first += ranked[0].Edge == Cdn ? 1 : 0;
        }
        Assert.InRange(first, 1900, 2200);
    }

    [Fact]
    public void Decide_UnderAFailover_AllocatesNothing()
    {
        EdgeShare[] ranked = new EdgeShare[16];
        Allocations.AssertNone(Run, 2000);

        int Run(int rounds)
        {
            int count = 0;
            for (uint i = 0; i < rounds; i++)
            {
                ClientAddress address = ClientAddress.FromV4(0xC0000200 + i % 256);
                count += Planned.Decide(DecisionRequest.ForAddress(Live, address) with { Down = [1UL << Muc] }, ranked).FailoverNumber;
                count += Planned.Decide(DecisionRequest.ForAddress(Bulk, address) with { Down = [(1UL << Muc) | (1UL << Cdn)] }, ranked).Count;
                count += Planned.Decide(DecisionRequest.ForAddress(Live, address) with { Down = [(1UL << Muc) | (1UL << Fra)] }, ranked).Count;
            }
            return count;
        }
    }

    [Fact]
    public void Codec_Failovers_ComeBackAsTheyWere()
    {
        byte[] bytes = Bytes(Planned);
        Assert.True(RoutingTableCodec.TryRead(bytes, out RoutingTable? read, out string fault), fault);
        Assert.Equal(Planned.ContentHash, read.ContentHash);
        Assert.Equal(bytes, Bytes(read));
        Assert.Equal([Fra, Cdn], Chosen(read, 1UL << Muc));
        Assert.Equal("domain:DE:Munich", read.Content.Failovers.Name[1]);
    }

    [Fact]
    public void Codec_NoFailovers_WritesTheBytesOfAProgramThatKnowsNone()
    {
        byte[] without = Bytes(Table(FailoverRows.None)), with = Bytes(Planned);
        Assert.True(without.AsSpan(76, without.Length - 76 - 32).SequenceEqual(with.AsSpan(76, without.Length - 76 - 32)));
    }

    [Fact]
    public void Codec_CutAnywhereInTheSection_IsRefused()
    {
        byte[] bytes = Bytes(Planned);
        for (int length = bytes.Length - 200; length < bytes.Length; length++)
            Assert.False(RoutingTableCodec.TryRead(bytes.AsSpan(0, length), out _, out _));
    }

    public static TheoryData<string> Broken => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Broken))]
    public void Create_FailoversThatContradict_IsRefusedByName(string which)
    {
        (Func<FailoverRows, FailoverRows> change, string says) = Faults[which];
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => Table(change(Rows))).Message, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, (Func<FailoverRows, FailoverRows> Break, string Says)> Faults = new()
    {
        ["sum"] = (r => r with { Weight = [8192, 8191, 12288] }, "sum to 16383"),
        ["failed edge"] = (r => r with { Edge = [Muc, Fra, Fra] }, "edge own-muc is down"),
        ["drained edge"] = (r => r with { Edge = [Old, Fra, Fra] }, "edge old-muc is down"),
        ["twice"] = (r => r with { Edge = [Fra, Fra, Fra] }, "occurs twice"),
        ["no share"] = (r => r with { Weight = [0, 16384, 12288] }, "has no share"),
        ["law"] = (r => r with { Entry = [1, 0] }, "the law keeps region CN-01 from edge cdn-muc (EU)"),
        ["default route"] = (r => r with { Entry = [3, 0] }, "a default route has no rows"),
        ["entry"] = (r => r with { Entry = [4, 0] }, "no such entry"),
        ["same edges"] = (r => r with { FailedStart = [0, 1, 2], Failed = [Muc, Muc] }, "has the edges of another"),
        ["falling edges"] = (r => r with { Failed = [Muc, Cdn, Muc] }, "edges must rise"),
        ["down without"] = (r => r with { Failed = [Old, Muc, Cdn] }, "is down without it"),
        ["none"] = (r => r with { FailedStart = [0, 0, 3] }, "has no edge"),
        ["starts"] = (r => r with { RowStart = [0, 1] }, "starts do not fit"),
        ["name"] = (r => r with { Name = ["", "x"] }, "must have a name"),
        ["missing"] = (r => r with { Weight = default }, "Every array"),
        ["edge range"] = (r => r with { Edge = [9, Fra, Fra] }, "edge 9 is not among 5"),
        ["law's regions"] = (r => r with { Law = [new(1, ["CN"]), new(1, ["CN"])] }, "regions must rise"),
    };

    private static RoutingTable Table(FailoverRows rows) => RoutingTable.Create(new TableSketch().Content() with { Failovers = rows }, First, Noon);

    private static ushort[] Chosen(RoutingTable table, ulong down)
    {
        EdgeShare[] ranked = new EdgeShare[8];
        int count = table.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [down] }, ranked).Count;
        return [.. ranked[..count].Where(static r => r.Weight > 0).Select(static r => r.Edge).Order()];
    }

    private static EdgeShare[] Answers(RoutingTable table, ulong down)
    {
        EdgeShare[] ranked = new EdgeShare[8];
        return [.. ranked[..table.Decide(DecisionRequest.ForRegion(Live, De) with { Down = [down] }, ranked).Count]];
    }

    private static byte[] Bytes(RoutingTable table)
    {
        using MemoryStream stream = new();
        RoutingTableCodec.Write(table, stream);
        return stream.ToArray();
    }
}
