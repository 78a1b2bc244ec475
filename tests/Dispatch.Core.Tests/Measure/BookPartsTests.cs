using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Measure;

namespace TrafficDispatch.Core.Tests.Measure;

public sealed class BookPartsTests
{
    private const int Workers = 4;

    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 57UL).WithMaxTest(count);

    /// <summary>Workers share batches in any way, their parts are merged in any order: the facts are those of one book that had all of them.</summary>
    [Fact]
    public void Merge_PartsOfAnyWorkersInAnyOrder_IsTheBookOfAllBatches() => Check.One(Runs(60), Prop.ForAll(Arb.From(Days, Less), static day =>
    {
        Telemetry all = new();
        Telemetry[] workers = [.. Enumerable.Range(0, Workers).Select(_ => new Telemetry(world: all.World))];
        foreach (Said said in day.Batches)
        {
            all.Now = Telemetry.Start + said.Second * 1000;
            SampleBatch batch = all.Batch($"r{said.Reporter}");
            said.Fill(batch);
            all.Book.Fold(batch, all.Now);
            workers[said.Worker].Book.Fold(batch, all.Now);
        }
        byte[][] parts = [.. workers.Select(static w => Bytes(w.Book))];
        new Random(day.Order).Shuffle(parts);
        Telemetry merged = new(world: all.World) { Now = all.Now };
        foreach (byte[] part in parts) Assert.True(merged.Book.Merge(part, BookKinds.Part, merged.Now));
        MeasuredFacts one = all.Facts(), other = merged.Facts();
        Assert.Equal(one.Paths.AsEnumerable(), other.Paths.AsEnumerable());
        Assert.Equal(one.Demand.AsEnumerable(), other.Demand.AsEnumerable());
        Assert.Equal(one.Resolvers.OrderBy(static r => r.Key.Bits).SelectMany(static r => r.Value), other.Resolvers.OrderBy(static r => r.Key.Bits).SelectMany(static r => r.Value));
        Assert.Equal(all.Book.EdgeLoads(all.Now), merged.Book.EdgeLoads(all.Now));
        Assert.Equal((all.Book.Batches, all.Book.NewestMs, one.Ages), (merged.Book.Batches, merged.Book.NewestMs, other.Ages));
        return all.Book.CountOf(SampleFault.None) == merged.Book.CountOf(SampleFault.None);
    }));

    /// <summary>The property above is about something: its days are measured, loaded and resolved.</summary>
    [Fact]
    public void Merge_Days_AreOfEveryKind()
    {
        MeasuredFacts[] facts = [.. Days.Sample(100).Select(static day =>
        {
            Telemetry t = new();
            foreach (Said said in day.Batches)
            {
                SampleBatch batch = t.Batch($"r{said.Reporter}");
                said.Fill(batch);
                t.Book.Fold(batch, t.Now);
            }
            return t.Facts();
        })];
        Assert.All(new Func<MeasuredFacts, bool>[] { static f => !f.Paths.IsEmpty, static f => !f.Demand.IsEmpty, static f => f.Resolvers.Count > 0 }, holds => Assert.Contains(facts, f => holds(f)));
    }

    /// <summary>What is made in turns, while nobody folds between them, is what is made at once.</summary>
    [Fact]
    public void Facts_InTurns_AreTheSameFacts()
    {
        Telemetry atOnce = Busy(), inTurns = Busy();
        int turns = 0;
        MeasuredFacts one = atOnce.Facts(), other = inTurns.Book.Facts(new(inTurns.World, 19), inTurns.Now, work =>
        {
            turns++;
            work();
        });
        Assert.True(turns > 4, $"{turns} turns");
        Assert.Equal(one.Paths.AsEnumerable(), other.Paths.AsEnumerable());
        Assert.Equal(one.Demand.AsEnumerable(), other.Demand.AsEnumerable());
    }

    /// <summary>Folding, evicting and merging between turns breaks nothing: every path that stays is estimated once.</summary>
    [Fact]
    public void Facts_FoldedBetweenTurns_StayWhole()
    {
        Telemetry t = new(MeasureSettings.Default with { PathCells = 6 });
        foreach (string edge in (string[])["own-par", "own-bos", "cdn-par"]) t.Say("a", Telemetry.Rtt(200, "FR-01", edge), 10);
        int turns = 0;
        MeasuredFacts facts = t.Book.Facts(new(t.World, 19), t.Now, work =>
        {
            work();
            // Twelve paths for six cells: whatever the ladder has not looked at yet makes room.
            if (turns++ < 3) foreach (string network in (string[])["AS1", "AS2", "AS3"]) t.Say($"b{turns}", Telemetry.Rtt(200, "US-01", "own-bos", network), 10);
        });
        Assert.Equal(facts.Paths.Length, facts.Paths.Select(static p => (p.Region, p.Edge, p.Network)).Distinct().Count());
        Assert.True(t.Book.Use().PathCellsEvicted > 0);
    }

    [Fact]
    public void Merge_LastingKinds_CarryResolversAndLevelsAlone()
    {
        Telemetry made = Busy();
        made.Facts();
        ArrayBufferWriter<byte> kept = new();
        made.Book.WriteTo(kept, BookKinds.Lasting);
        Telemetry next = new(world: made.World) { Now = made.Now };
        Assert.True(next.Book.Merge(kept.WrittenSpan, BookKinds.Lasting, next.Now));
        Assert.Equal((0, 0, 1, 0L), (next.Book.Use().PathCells, next.Book.Use().Loads, next.Book.Use().Resolvers, next.Book.Batches));
        Assert.Equal(made.World.RegionOrdinal("US-01"), next.Book.RegionOf(Telemetry.Resolver));
        // A level that was kept goes on: the first load after it does not start it anew.
        foreach (Telemetry t in (Telemetry[])[made, next])
        {
            t.Pass(TimeSpan.FromMinutes(30));
            t.Carry("z", "FR-01", "own-par", 100);
        }
        Assert.Equal(made.Facts().Demand.Single(d => d.ActualMbps == 100).ForecastMbps, next.Facts().Demand.Single().ForecastMbps);
        Assert.True(next.Facts().Demand.Single().ForecastMbps > 150);
        // Again, and of an older time: levels come as often as they like.
        Assert.True(next.Book.Merge(kept.WrittenSpan, BookKinds.Levels, next.Now));
        Assert.Equal(1, next.Book.Use().Resolvers);
    }

    [Fact]
    public void Clear_UsedBook_CountsAsANewOne()
    {
        Telemetry used = Busy();
        used.Book.Clear();
        Assert.Equal((0, 0, 0, 0), (used.Book.Use().PathCells, used.Book.Use().Loads, used.Book.Use().Resolvers, used.Book.Use().Reporters));
        Telemetry fresh = new(world: used.World);
        Assert.Equal(Bytes(fresh.Book), Bytes(used.Book));
        SampleBatch batch = new() { Reporter = "a", Sequence = 1, MeasuredAtMs = used.Now };
        for (int i = 0; i < 10; i++) batch.Paths.Add(Telemetry.Rtt(20));
        Assert.Equal((SampleFault.None, SampleFault.None), (used.Book.Fold(batch, used.Now), fresh.Book.Fold(batch, used.Now)));
        Assert.Equal(Bytes(fresh.Book), Bytes(used.Book));
    }

    [Fact]
    public void Merge_PartOfOtherHalfLives_IsRefused()
    {
        Telemetry made = Busy();
        Assert.False(new Telemetry(MeasureSettings.Default with { HalfLife = TimeSpan.FromMinutes(6) }, made.World).Book.Merge(Bytes(made.Book), BookKinds.Part, made.Now));
    }

    [Fact]
    public void Fold_ResolverThatAnotherBookKnows_CountsForItsRegion()
    {
        Telemetry knows = Busy();
        MeasureBook delta = new(knows.World, MeasureSettings.Default, knows.Book.RegionOf);
        SampleBatch batch = knows.Batch("q");
        batch.Paths.Add(new PathSample { Resolver = Telemetry.Resolver, Edge = "own-bos", RttMilliseconds = 20 });
        delta.Fold(batch, knows.Now);
        Assert.Equal((1L, 0L), (delta.CountOf(SampleFault.None), delta.CountOf(SampleFault.UnknownClients)));
    }

    [Fact]
    public void Merge_BytesCutAnywhere_AreNoPart()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(20, network: "AS7"), 10);
        t.Say("b", Telemetry.Rtt(20, "US-01"), 10);
        t.Carry("c", "FR-01", "own-par", 700);
        t.Pair("d", "US-01", 30);
        byte[] part = Bytes(t.Book);
        for (int length = 0; length < part.Length; length++) Assert.False(new Telemetry().Book.Merge(part.AsSpan(0, length), BookKinds.Part, t.Now));
        Assert.False(new Telemetry().Book.Merge([.. part, 0], BookKinds.Part, t.Now));
        Assert.True(new Telemetry().Book.Merge(part, BookKinds.Part, t.Now));
    }

    /// <summary>Whatever bytes come: no exception, and no cell beyond the caps.</summary>
    [Fact]
    public void Merge_AnyBytes_NeverThrow() => Check.One(Runs(300), Prop.ForAll(Arb.From(Gen.Choose(0, 1_000_000)), static seed =>
    {
        Random random = new(seed);
        Telemetry t = new(MeasureSettings.Default with { PathCells = 4 });
        Telemetry made = new(world: t.World);
        foreach (string edge in (string[])["own-par", "own-bos", "cdn-par"]) made.Say("a", Telemetry.Rtt(200, "FR-01", edge), 5);
        made.Carry("c", "FR-01", "own-par", 700);
        made.Pair("d", "US-01", 30);
        ArrayBufferWriter<byte> all = new();
        made.Book.WriteTo(all, BookKinds.Part | BookKinds.Levels);
        byte[] part = all.WrittenSpan.ToArray();
        for (int i = 0; i < 4; i++) part[random.Next(part.Length)] = (byte)random.Next(256);
        t.Book.Merge(part, BookKinds.Part | BookKinds.Levels, t.Now);
        t.Facts();
        return t.Book.Use().PathCells <= 4;
    }));

    [Fact]
    public void Merge_OldOrUnknownCells_ArePassedOver()
    {
        Telemetry made = new(), later = new();
        made.Say("a", Telemetry.Rtt(20), 10);
        later.Pass(TimeSpan.FromHours(1));
        Assert.True(later.Book.Merge(Bytes(made.Book), BookKinds.Part, later.Now));
        Assert.Equal(0, later.Book.Use().PathCells);
        using TestWorld files = TestWorld.Small();
        Telemetry renamed = new(world: files.Build()) { Now = made.Now };
        Assert.True(renamed.Book.Merge(Bytes(made.Book), BookKinds.Part, renamed.Now));
        Assert.Equal(10, renamed.Estimate().Samples);
    }

    private static byte[] Bytes(MeasureBook book)
    {
        ArrayBufferWriter<byte> output = new();
        book.WriteTo(output, BookKinds.Part);
        return output.WrittenSpan.ToArray();
    }

    private static Telemetry Busy()
    {
        Telemetry t = new();
        foreach (string reporter in (string[])["a", "b", "c"]) t.Say(reporter, Telemetry.Rtt(20, network: "AS7"), 10);
        t.Carry("a", "FR-01", "own-par", 700);
        t.Pair("a", "US-01", 30);
        return t;
    }

    private static Gen<Day> Days => from order in Gen.Choose(0, 1000) from said in Gen.ListOf(Batches, 60) select new Day(order, [.. said.OrderBy(static s => s.Second)]);

    private static Gen<Said> Batches =>
        from worker in Gen.Choose(0, Workers - 1)
        from reporter in Gen.Choose(0, 3)
        from second in Gen.Choose(0, 900)
        from region in Gen.Elements("FR-01", "US-01")
        from edge in Gen.Elements("own-par", "own-bos", "cdn-par")
        from what in Gen.Choose(0, 3)
        from value in Gen.Choose(1, 1000)
        select new Said(worker, reporter, second, region, edge, what, value);

    private static IEnumerable<Day> Less(Day day)
    {
        for (int size = day.Batches.Length; size > 0; size /= 2)
            for (int at = 0; at + size <= day.Batches.Length; at += size) yield return day with { Batches = [.. day.Batches[..at], .. day.Batches[(at + size)..]] };
    }

    /// <summary>What reporters said in a quarter of an hour, and in what order the workers' parts arrive.</summary>
    private sealed record Day(int Order, Said[] Batches)
    {
        public override string ToString() => $"order {Order}: {string.Join("; ", Batches.AsEnumerable())}";
    }

    private sealed record Said(int Worker, int Reporter, int Second, string Region, string Edge, int What, int Value)
    {
        public void Fill(SampleBatch batch)
        {
            if (What == 0) batch.Loads.Add(new(Region, Edge, Value));
            else if (What == 1) batch.Resolvers.Add(new(Telemetry.Resolver, Region, Value));
            else for (int i = 0; i < 9; i++) batch.Paths.Add(Telemetry.Rtt(60 + Value / 10.0 + i, Region, Edge, What == 2 ? "" : "AS7") with { PacketsSent = 100, PacketsLost = i, ThroughputMbps = Value });
        }
    }
}
