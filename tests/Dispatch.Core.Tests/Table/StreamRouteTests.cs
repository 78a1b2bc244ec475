using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using TrafficDispatch.Table;
using static TrafficDispatch.Core.Tests.Table.TableSketch;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>Planned streams, true depth, expiry, last resorts and ingest in the table. Nodes: edges 0 to 4, rl-a 5, rl-b 6, rl-c 7, og-1 8, og-2 9.</summary>
public sealed class StreamRouteTests
{
    private const int RlA = 5, RlB = 6, RlC = 7, Og1 = 8, Og2 = 9, News = 1;
    private const long Expiry = 1_772_625_600_000;

    [Fact]
    public void Route_PlannedStream_ComesFirstWithItsDepthThenTheRankedPaths()
    {
        (RouteDecision decision, RankedPath[] paths, RoutingTable table) = Route(Planned(), new(Muc, "news"));
        Assert.Equal(DecisionReason.StreamOrigin, decision.Reason);
        Assert.Equal([2], table.Path(paths[0].Path).Relays.ToArray());
        Assert.Equal([(true, 2), (false, 2), (false, 2)], paths.Select(static p => (p.IsPlanned, p.Depth)));
        // Then what fails apart from it, then the rest: rl-a and rl-b share a fault domain.
        Assert.Equal([2, 0, 1], paths.Select(p => (int)table.Path(p.Path).Relays[0]));
        Assert.Equal([true, true, false], paths.Select(static p => p.IsDisjoint));
        Assert.Contains("The plan has it fetch this stream over the first, 2 hops from the origin.", table.Explain(decision, paths), StringComparison.Ordinal);
    }

    /// <summary>
    /// LiveNet's surprise: a path of two hops is planned, but the relay on it already has the stream over two more, and two hops become four.
    /// </summary>
    [Fact]
    public void Route_TwoPlannedHopsThatWouldBecomeFour_AreLeftOutWhileOthersAreLeft()
    {
        TableSketch sketch = Deep();
        (RouteDecision decision, RankedPath[] paths, RoutingTable table) = Route(sketch, new(Muc, "news"));
        Assert.Equal((2, 1), (decision.Count, decision.TooDeep));
        Assert.DoesNotContain(paths, p => table.Path(p.Path).Relays[0] == 0);
        Assert.All(paths, static p => Assert.InRange(p.Depth, 1, 3));
        Assert.Contains("1 left out: joining relays that carry the stream would make more than 3 hops", table.Explain(decision, paths), StringComparison.Ordinal);
    }

    [Fact]
    public void Route_OnlyTooDeepLeft_ReportsTheTrueDepth()
    {
        TableSketch sketch = Deep();
        sketch.Paths[(Muc, 0)] = [([0], [1000, 2000])];
        (RouteDecision decision, RankedPath[] paths, _) = Route(sketch, new(Muc, "news"));
        Assert.Equal((DecisionReason.StreamOrigin, 1, 1), (decision.Reason, decision.Count, decision.TooDeep));
        Assert.Equal(4, paths[0].Depth);
    }

    [Fact]
    public void Route_PlannedRelayDown_FallsBackToRankedPaths()
    {
        (RouteDecision decision, RankedPath[] paths, RoutingTable table) = Route(Planned(), new PathRequest(Muc, "news") { Down = [1UL << RlC] });
        Assert.Equal(DecisionReason.StreamOrigin, decision.Reason);
        Assert.All(paths, static p => Assert.False(p.IsPlanned));
        Assert.DoesNotContain(paths, p => table.Path(p.Path).Relays.Contains((ushort)2));
    }

    [Theory]
    [InlineData(Expiry - 1, DecisionReason.StreamOrigin, 1)]
    [InlineData(Expiry - 7_900, DecisionReason.StreamOrigin, 7)]
    [InlineData(Expiry - 3_600_000, DecisionReason.StreamOrigin, 30)]
    [InlineData(Expiry, DecisionReason.StreamExpired, 30)]
    [InlineData(Expiry + 1, DecisionReason.StreamExpired, 30)]
    [InlineData(0, DecisionReason.StreamOrigin, 30)]
    public void Route_StreamThatExpires_IsRoutedUntilThenAndNoAnswerOutlivesIt(long now, DecisionReason reason, int ttl)
    {
        TableSketch sketch = new();
        sketch.Streams[News] = sketch.Streams[News] with { ExpiresUnixMilliseconds = Expiry };
        (RouteDecision decision, RankedPath[] paths, RoutingTable table) = Route(sketch, new PathRequest(Muc, "news") { NowUnixMilliseconds = now });
        Assert.Equal((reason, ttl), (decision.Reason, decision.TtlSeconds));
        Assert.Equal(reason == DecisionReason.StreamExpired, paths.Length == 0);
        if (paths.Length == 0) Assert.Equal("The stream is registered at origin og-1, but expired at 2026-03-04T12:00:00Z: it is not routed.", table.Explain(decision, paths));
    }

    [Fact]
    public void Route_LastResort_StandsBesideAndAnswersWhenAllElseFails()
    {
        TableSketch sketch = new();
        sketch.Kinds.AddRange([PathKind.Ranked, PathKind.Ranked, PathKind.LastResort, PathKind.Ranked, PathKind.LastResort, PathKind.Ranked, PathKind.Ranked]);
        (RouteDecision decision, RankedPath[] paths, RoutingTable table) = Route(sketch, new(Muc, "news"));
        Assert.Equal((2, 2), (decision.Count, decision.Planned));
        Assert.True(decision.LastResort!.Value.IsLastResort);
        Assert.False(decision.LastResort!.Value.IsDisjoint); // rl-b stands in rl-a's fault domain
        Assert.Equal([1], table.Path(decision.LastResort!.Value.Path).Relays.ToArray());
        Assert.Equal(2, paths.Length);
        (RouteDecision last, RankedPath[] only, _) = Route(sketch, new PathRequest(Muc, "news") { Down = [1UL << RlA | 1UL << RlC] });
        Assert.Equal((DecisionReason.LastResort, 1, true), (last.Reason, last.Count, only[0].IsLastResort));
        Assert.Null(last.LastResort);
        (RouteDecision none, _, _) = Route(sketch, new PathRequest(Muc, "news") { Excluded = [RlA, RlB, RlC] });
        Assert.Equal(DecisionReason.NoPath, none.Reason);
    }

    [Fact]
    public void Route_UnregisteredStream_RanksByWeightNotByRoundTrip()
    {
        TableSketch sketch = new();
        sketch.Weights.AddRange([3000, 9000, 4000, 90_000, 9000, 2000, 8000]);
        (_, RankedPath[] paths, RoutingTable table) = Route(sketch, new(Muc, "unheard-of"));
        Assert.Equal((0, 3000u), (table.Path(paths[0].Path).Origin, table.Path(paths[0].Path).WeightMicroseconds));
    }

    [Fact]
    public void Ingest_Rows_GiveOriginsWithRoomThatAreUp()
    {
        TableSketch sketch = new();
        sketch.Ingest[De] = [1, 0];
        RoutingTable table = sketch.Build();
        Assert.Equal([1, 0], Ask(IngestRequest.ForRegion(De, 0)).Origins);
        Assert.Equal([0], Ask(IngestRequest.ForRegion(De, 8_001)).Origins);
        Assert.Equal([0], Ask(IngestRequest.ForRegion(De, 0) with { Excluded = [Og2] }).Origins);
        Assert.Equal([0], Ask(IngestRequest.ForRegion(De, 0) with { Down = [1UL << Og2] }).Origins);
        Assert.Equal((DecisionReason.NoOrigin, 2), (Ask(IngestRequest.ForRegion(De, 60_000)).Decision.Reason, Ask(IngestRequest.ForRegion(De, 60_000)).Decision.WithoutRoom));
        Assert.Equal((DecisionReason.NoOrigin, 0), (Ask(IngestRequest.ForNode(RlA, 1)).Decision.Reason, Ask(IngestRequest.ForNode(RlA, 1)).Decision.Lawful));
        Assert.Throws<ArgumentException>(() => table.Ingest(IngestRequest.ForNode(Og1, 1), new IngestChoice[1]));
        Assert.Throws<ArgumentException>(() => table.Ingest(IngestRequest.ForRegion(-1, 1), new IngestChoice[1]));

        (IngestDecision Decision, int[] Origins) Ask(in IngestRequest request)
        {
            IngestChoice[] ranked = new IngestChoice[3];
            IngestDecision decision = table.Ingest(request, ranked);
            Assert.NotEqual("", table.Explain(request, decision, ranked));
            return (decision, [.. ranked[..decision.Count].Select(static c => c.Origin)]);
        }
    }

    [Fact]
    public void RouteAndIngest_WarmedUp_AllocateNothing()
    {
        TableSketch sketch = Planned();
        sketch.Ingest[De] = [1, 0];
        RoutingTable table = sketch.Build();
        RankedPath[] paths = new RankedPath[3];
        IngestChoice[] origins = new IngestChoice[3];
        Allocations.AssertNone(Run, 2000);

        int Run(int rounds)
        {
            int count = 0;
            for (int i = 0; i < rounds; i++)
            {
                count += table.Route(new PathRequest(Muc, "news") { NowUnixMilliseconds = Expiry }, paths).Count;
                count += table.Route(new PathRequest(Muc, "news") { Down = [1UL << RlA] }, paths).Count;
                count += table.Ingest(IngestRequest.ForRegion(De, 1), origins).Count;
            }
            return count;
        }
    }

    [Fact]
    public void Codec_EverySection_ReadsBackToTheSameBytes()
    {
        RoutingTable table = Full().Build();
        byte[] bytes = Bytes(table);
        Assert.True(RoutingTableCodec.TryRead(bytes, out RoutingTable? read, out string fault), fault);
        Assert.Equal(bytes, Bytes(read));
        Assert.True(table.Content.StreamPaths.Path.AsSpan().SequenceEqual(read.Content.StreamPaths.Path.AsSpan()));
        Assert.True(table.Content.Streams.AsSpan().SequenceEqual(read.Content.Streams.AsSpan()));
        Assert.True(table.Content.Ingest.RoomKbps.AsSpan().SequenceEqual(read.Content.Ingest.RoomKbps.AsSpan()));
        Assert.True(table.Content.Paths.Kind.AsSpan().SequenceEqual(read.Content.Paths.Kind.AsSpan()));
    }

    /// <summary>A table without the new parts is what older programs wrote: same bytes, same hash, and it reads.</summary>
    [Fact]
    public void Codec_TableWithoutNewSections_EndsWithTheStreamsAsBefore()
    {
        byte[] bytes = Bytes(new TableSketch().Build());
        Assert.True(RoutingTableCodec.TryRead(bytes, out RoutingTable? read, out _));
        Assert.Equal((StreamRows.None, IngestRows.None), (read.Content.StreamPaths, read.Content.Ingest));
        // The last section is Streams: two rows of a key and an origin.
        Assert.Equal((uint)TableSection.Streams, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 32 - 28 - 12)));
    }

    [Fact]
    public void Codec_UnknownVersionOfASection_IsRefusedByName()
    {
        byte[] bytes = Bytes(Full().Build());
        int at = Section(bytes, TableSection.StreamPaths);
        bytes[at + 12] = 2;
        Seal(bytes);
        Assert.False(RoutingTableCodec.TryRead(bytes, out _, out string fault));
        Assert.Contains("section StreamPaths has version 2, only 1 is known", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Codec_ThousandsOfSealedMutations_RefuseOrReadASoundTable()
    {
        byte[] sound = Bytes(Full().Build());
        Random random = new(20261121);
        int from = Section(sound, TableSection.PathWeights), refused = 0, read = 0;
        for (int round = 0; round < 6_000; round++)
        {
            byte[] bytes = [.. sound];
            for (int change = random.Next(1, 3); change > 0; change--) bytes[random.Next(from, bytes.Length - 32)] = (byte)random.Next(256);
            Seal(bytes);
            if (!RoutingTableCodec.TryRead(bytes, out RoutingTable? table, out string fault))
            {
                Assert.NotEqual("", fault);
                refused++;
                continue;
            }
            read++;
            Assert.Equal(bytes, Bytes(table));
            for (int node = 0; node < RlC + 1; node++) table.Route(new PathRequest(node, "news") { NowUnixMilliseconds = Expiry }, new RankedPath[3]);
            for (int region = 0; region < 3; region++) table.Ingest(IngestRequest.ForRegion(region, 1), new IngestChoice[3]);
        }
        Assert.True(refused > 1000 && read > 200, $"{refused} refused, {read} read");
    }

    [Fact]
    public void Create_PlanWhoseRelayComesAnotherWay_IsRefused()
    {
        TableSketch sketch = Planned();
        sketch.Planned[News] = [(Muc, 1)];
        Assert.Contains("relay 2 on path", Assert.Throws<ArgumentException>(() => sketch.Build()).Message, StringComparison.Ordinal);
        sketch.Planned[News] = [(Muc, 1), (Muc, 1), (RlC, 0)];
        Assert.Contains("nodes must rise", Assert.Throws<ArgumentException>(() => sketch.Build()).Message, StringComparison.Ordinal);
        TableSketch rows = new();
        rows.Ingest[De] = [0, 0];
        Assert.Contains("occurs twice", Assert.Throws<ArgumentException>(() => rows.Build()).Message, StringComparison.Ordinal);
        rows.Ingest[De] = [7];
        Assert.Contains("origin 7 is not among 2", Assert.Throws<ArgumentException>(() => rows.Build()).Message, StringComparison.Ordinal);
    }

    /// <summary>own-muc fetches news over rl-c, which fetches it from the origin.</summary>
    private static TableSketch Planned()
    {
        TableSketch sketch = new();
        sketch.Paths[(RlC, 0)] = [([], [5000])];
        sketch.Planned.Add([]);
        sketch.Planned.Add([(Muc, 1), (RlC, 0)]);
        return sketch;
    }

    /// <summary>rl-a has news over rl-c and rl-b, three hops from the origin; own-muc's shortest path would join it there.</summary>
    private static TableSketch Deep()
    {
        TableSketch sketch = new();
        sketch.Paths[(RlA, 0)] = [([2, 1], [100, 100, 100])];
        sketch.Paths[(RlB, 0)] = [([], [100])];
        sketch.Paths[(RlC, 0)] = [([1], [100, 100])];
        sketch.Planned.Add([]);
        sketch.Planned.Add([(RlA, 0), (RlB, 0), (RlC, 0)]);
        return sketch;
    }

    private static TableSketch Full()
    {
        TableSketch sketch = Planned();
        sketch.Kinds.AddRange([PathKind.Ranked, PathKind.Ranked, PathKind.LastResort, PathKind.Ranked, PathKind.PlanOnly, PathKind.Ranked, PathKind.Ranked, PathKind.Ranked]);
        sketch.Weights.AddRange([1, 2, 3, 4, 5, 6, 7, 8]);
        sketch.Ingest[De] = [1, 0];
        sketch.Streams[News] = sketch.Streams[News] with { ExpiresUnixMilliseconds = Expiry, BitrateKbps = 8500 };
        return sketch;
    }

    private static (RouteDecision Decision, RankedPath[] Paths, RoutingTable Table) Route(TableSketch sketch, in PathRequest request, int wanted = 3)
    {
        RoutingTable table = sketch.Build();
        RankedPath[] ranked = new RankedPath[wanted];
        RouteDecision decision = table.Route(request, ranked);
        return (decision, ranked[..decision.Count], table);
    }

    private static int Section(byte[] bytes, TableSection section)
    {
        int at = 76;
        while (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) != (uint)section) at += 12 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at + 4));
        return at;
    }

    private static void Seal(byte[] bytes)
    {
        SHA256.HashData(bytes.AsSpan(76..^32), bytes.AsSpan(36));
        SHA256.HashData(bytes.AsSpan(..^32), bytes.AsSpan(bytes.Length - 32));
    }

    private static byte[] Bytes(RoutingTable table)
    {
        ArrayBufferWriter<byte> writer = new();
        RoutingTableCodec.Write(table, writer);
        return writer.WrittenSpan.ToArray();
    }
}
