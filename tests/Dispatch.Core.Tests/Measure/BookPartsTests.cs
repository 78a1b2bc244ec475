using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Measure;

namespace TrafficDispatch.Core.Tests.Measure;

public sealed class BookPartsTests
{
    private static Config Runs(int count) => Config.QuickThrowOnFailure.WithReplay(20261121UL, 57UL).WithMaxTest(count);

    /// <summary>Workers share batches in any way and their parts are merged in any order: the paths are those of one worker that had all.</summary>
    [Fact]
    public void Merge_PartsOfAnyWorkersInAnyOrder_IsTheBookOfAllBatches() => Check.One(Runs(40), Prop.ForAll(Arb.From(Gen.Choose(0, 1_000_000)), static seed =>
    {
        Random random = new(seed);
        Telemetry all = new();
        Telemetry[] workers = [.. Enumerable.Range(0, 4).Select(_ => new Telemetry(world: all.World))];
        for (int i = 0; i < 60; i++)
        {
            all.Now = Telemetry.Start + i * 15_000;
            SampleBatch batch = all.Batch($"r{random.Next(4)}");
            for (int s = 0; s < 20; s++)
            {
                PathSample sample = Telemetry.Rtt(5 + 60 * random.NextDouble(), random.Next(2) == 0 ? "FR-01" : "US-01", "own-bos", random.Next(3) == 0 ? "AS7" : "");
                batch.Paths.Add(sample with { RttMilliseconds = sample.RttMilliseconds + 60, PacketsSent = 100, PacketsLost = random.Next(4), ThroughputMbps = random.Next(1, 50) });
            }
            all.Book.Fold(batch, all.Now);
            workers[random.Next(4)].Book.Fold(batch, all.Now);
        }
        byte[][] parts = [.. workers.Select(static w => Bytes(w.Book))];
        random.Shuffle(parts);
        Telemetry merged = new(world: all.World) { Now = all.Now };
        foreach (byte[] part in parts) Assert.True(merged.Book.Merge(part, merged.Now));
        Assert.NotEmpty(all.Facts().Paths);
        Assert.Equal(all.Facts().Paths.AsEnumerable(), merged.Facts().Paths.AsEnumerable());
        return true;
    }));

    [Fact]
    public void Merge_BytesCutAnywhere_AreNoPart()
    {
        Telemetry t = new();
        t.Say("a", Telemetry.Rtt(20, network: "AS7"), 10);
        t.Say("b", Telemetry.Rtt(20, "US-01"), 10);
        byte[] part = Bytes(t.Book);
        for (int length = 0; length < part.Length; length++) Assert.False(new Telemetry().Book.Merge(part.AsSpan(0, length), t.Now));
        Assert.False(new Telemetry().Book.Merge([.. part, 0], t.Now));
        Assert.True(new Telemetry().Book.Merge(part, t.Now));
    }

    /// <summary>Whatever bytes come: no exception, and no cell beyond the caps.</summary>
    [Fact]
    public void Merge_AnyBytes_NeverThrow() => Check.One(Runs(300), Prop.ForAll(Arb.From(Gen.Choose(0, 1_000_000)), static seed =>
    {
        Random random = new(seed);
        Telemetry t = new(MeasureSettings.Default with { PathCells = 4 });
        Telemetry made = new(world: t.World);
        foreach (string edge in (string[])["own-par", "own-bos", "cdn-par"]) made.Say("a", Telemetry.Rtt(200, "FR-01", edge), 5);
        byte[] part = Bytes(made.Book);
        for (int i = 0; i < 4; i++) part[random.Next(part.Length)] = (byte)random.Next(256);
        t.Book.Merge(part, t.Now);
        t.Facts();
        return t.Book.Use().PathCells <= 4;
    }));

    [Fact]
    public void Merge_OldOrUnknownCells_ArePassedOver()
    {
        Telemetry made = new(), later = new();
        made.Say("a", Telemetry.Rtt(20), 10);
        later.Pass(TimeSpan.FromHours(1));
        Assert.True(later.Book.Merge(Bytes(made.Book), later.Now));
        Assert.Equal(0, later.Book.Use().PathCells);
        using TestWorld files = TestWorld.Small();
        Telemetry renamed = new(world: files.Build()) { Now = made.Now };
        Assert.True(renamed.Book.Merge(Bytes(made.Book), renamed.Now));
        Assert.Equal(10, renamed.Estimate().Samples);
    }

    private static byte[] Bytes(MeasureBook book)
    {
        ArrayBufferWriter<byte> output = new();
        book.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }
}
