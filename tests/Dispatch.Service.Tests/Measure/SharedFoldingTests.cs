using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Measure;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Tests.Measure;

/// <summary>Any number of workers over a real Redis: each batch counts once, whoever dies when, and every book is that of one worker that had all.</summary>
public sealed class SharedFoldingTests : IAsyncLifetime
{
    private readonly ManualClock _clock = TestService.Morning();
    private readonly TestWorld _world = TestWorld.Small().Save();
    private readonly List<FoldWorker> _workers = [];
    private readonly List<ReportBatch> _said = [];
    private RedisServer _server = null!;
    private RedisState _store = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _store = await RedisState.OpenAsync(_server.Settings, 3, TimeProvider.System, default);
    }

    public async Task DisposeAsync()
    {
        foreach (FoldWorker worker in _workers) worker.Dispose();
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task Step_WorkersDieAtAnyPoint_EveryBatchCountsOnce()
    {
        Random random = new(20261121);
        await Say(Enumerable.Range(0, 150).Select(i => Batch($"r{i % 5}", random)));
        List<FoldWorker> living = [.. Enumerable.Range(0, 4).Select(_ => Worker())];
        for (int round = 0; round < 200; round++)
        {
            living[random.Next(living.Count)].Step();
            if (random.Next(3) == 0) _clock.Advance(TimeSpan.FromMilliseconds(random.Next(2000)));
            // Killed with whatever it has folded and not stored; another comes in its place.
            if (random.Next(12) == 0) living[random.Next(living.Count)] = Worker();
        }
        Settle(living);
        Assert.Equal(0, (await Log().ReportAsync(default)).Backlog);
        MeasuredFacts expected = Oracle();
        Assert.NotEmpty(expected.Paths);
        foreach (FoldWorker worker in living) Same(expected, worker);
    }

    /// <summary>A collector of another maker that writes to the stream itself, as the docs say.</summary>
    [Fact]
    public async Task Step_BatchesPutStraightIntoTheStream_CountBesideThoseReported()
    {
        await Say([Batch("a")]);
        ReportBatch own = Batch("b");
        _said.Add(own);
        string key = $"{{{_store.Connection.Settings.Prefix}}}:samples";
        RedisConsole.Run(_server, own.ToByteArray(), "XADD", key, "MAXLEN", "~", "10000", "*", "b");
        RedisConsole.Run(_server, "no batch"u8, "XADD", key, "MAXLEN", "~", "10000", "*", "b");
        FoldWorker worker = Worker();
        Settle([worker]);
        Assert.Equal((2, 1), (worker.Board.Summary.Batches, worker.Board.Summary.Unreadable));
        Same(Oracle(), worker);
    }

    /// <summary>It stands still with a part in hand while another takes its batches over; then it wakes up.</summary>
    [Fact]
    public async Task Step_WorkerStalledWhileAnotherTookOver_ItsPartIsRefusedAndItGoesOn()
    {
        (FoldWorker slow, FoldWorker quick) = (Worker(), Worker());
        await Say([Batch("a"), Batch("b"), Batch("c")]);
        slow.Step();
        _clock.Advance(TimeSpan.FromSeconds(11));
        Settle([quick]);
        Assert.Equal(3, quick.Board.Summary.Batches);
        slow.Step();
        await Say([Batch("d")]);
        Settle([slow, quick]);
        Assert.Equal(1, slow.Board.Summary.Parts!.Refused);
        Assert.Equal(4, slow.Board.Summary.Batches + quick.Board.Summary.Batches);
        foreach (FoldWorker worker in (FoldWorker[])[slow, quick]) Same(Oracle(), worker);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Step_NoAnswerToAPart_CountsItOnceWhetherItWasStoredOrNot(bool wasStored)
    {
        StumblingParts parts = new(FoldWorker.PartsOf(_store), wasStored);
        FoldWorker worker = Worker(parts);
        await Say([Batch("a"), Batch("b"), Batch("c")]);
        Settle([worker]);
        Assert.Equal(wasStored ? 1 : 2, parts.Stores);
        Same(Oracle(), worker);
    }

    /// <summary>A process that comes late has all paths from the parts, and resolvers from what was kept and the parts after it: none of them twice.</summary>
    [Fact]
    public async Task Step_ProcessThatComesLate_HasTheBookOfThoseBefore()
    {
        FencingToken token = (await _store.Lease.AcquireAsync("leader", TimeSpan.FromMinutes(5), default)).Token!;
        await OffTheReader();
        FoldWorker leader = Worker(token: token);
        await Say([Batch("a"), Batch("b"), Pairing("a", "US-01", 30)]);
        Settle([leader]);
        leader.Facts();
        leader.End();
        Assert.NotNull((await _store.Measures.LatestAsync(default)).Found);
        await Say([Batch("c"), Pairing("b", "FR-01", 20)]);
        Settle([leader]);
        FoldWorker late = Worker();
        Settle([late]);
        MeasuredFacts expected = Oracle();
        Assert.Equal([600, 400], Assert.Single(expected.Resolvers).Value.Select(static s => s.Permille));
        Same(expected, late);
        Same(expected, leader);
    }

    /// <summary>Parts left for the bound on bytes before they were read: the book is made anew from those that are kept, and it is said.</summary>
    [Fact]
    public async Task Step_PartsLeftUnread_TheBookIsMadeAnew()
    {
        RedisSampleParts small = FoldWorker.PartsOf(_store, 250);
        (FoldWorker writer, FoldWorker reader) = (Worker(small), Worker(small));
        await Say([Batch("a")]);
        Settle([writer, reader]);
        for (int i = 0; i < 6; i++)
        {
            await Say([Batch($"b{i}")]);
            Settle([writer]);
        }
        Settle([reader]);
        Assert.Equal(1, reader.Board.Summary.Parts!.Lost);
        Assert.True(reader.Board.Summary.Parts.Dropped > 0);
        Assert.Equal(reader.Board.Summary.Parts.Kept, reader.Folder.Standing().Use.Reporters);
    }

    /// <summary>A batch that only names a resolver counts for the region that all workers' pairings say, not this worker's alone.</summary>
    [Fact]
    public async Task Step_SamplesByResolverAlone_CountForTheRegionThatAnotherWorkerLearned()
    {
        (FoldWorker first, FoldWorker second) = (Worker(), Worker());
        await Say([Pairing("a", "US-01", 30)]);
        Settle([first]);
        Settle([second]);
        ReportBatch blind = Batch("b", 0);
        for (int i = 0; i < 10; i++) blind.Paths.Add(new PathReport { ResolverIp = "192.0.2.53", EdgeId = "own-bos", RttMs = 14 });
        await Say([blind]);
        Settle([second]);
        Assert.Equal(10, second.Board.Summary.Counts[(int)SampleFault.None]);
        Assert.Equal(1, second.Facts().Coverage.FreshRegions);
    }

    private FoldWorker Worker(ISampleParts? parts = null, FencingToken? token = null)
    {
        FoldWorker worker = new(_store, _world.Directory, _clock, parts, token);
        _workers.Add(worker);
        return worker;
    }

    private RedisSampleLog Log() => new(_store.Connection, 10_000, TimeSpan.FromMinutes(21), TimeProvider.System);

    /// <summary>Steps everybody until all is folded and every part is read.</summary>
    private void Settle(IReadOnlyCollection<FoldWorker> workers)
    {
        for (int round = 0; round < 12; round++)
        {
            foreach (FoldWorker worker in workers)
                for (int step = 0; worker.Step(); step++) Assert.InRange(step, 0, 1000);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }
    }

    private async Task Say(IEnumerable<ReportBatch> batches)
    {
        foreach (ReportBatch batch in batches)
        {
            _said.Add(batch);
            string name = string.Create(CultureInfo.InvariantCulture, $"{batch.ReporterId}:{batch.Sequence}");
            Assert.Equal(SampleAppend.Stored, await Log().AppendAsync(name, batch.ToByteArray(), default));
        }
        await OffTheReader();
    }

    /// <summary>What follows an answer of Redis runs on the thread that reads answers; workers wait for answers where they stand, and must not do so there.</summary>
    private static async Task OffTheReader() => await Task.Yield();

    private ReportBatch Batch(string reporter, Random random)
    {
        ReportBatch batch = Batch(reporter, 0);
        for (int i = 0; i < 12; i++)
            batch.Paths.Add(new PathReport { RegionId = random.Next(2) == 0 ? "FR-01" : "US-01", EdgeId = "own-bos", RttMs = 70 + random.Next(80), PacketsSent = 100, PacketsLost = (uint)random.Next(5) });
        batch.Loads.Add(new LoadReport { RegionId = "FR-01", EdgeId = "own-par", Mbps = random.Next(1000) });
        batch.Resolvers.Add(new ResolverReport { ResolverIp = "192.0.2.53", RegionId = random.Next(3) == 0 ? "FR-01" : "US-01", ClientsSeen = (uint)random.Next(1, 9) });
        return batch;
    }

    private ReportBatch Pairing(string reporter, string region, uint clients)
    {
        ReportBatch batch = Batch(reporter, 0);
        batch.Resolvers.Add(new ResolverReport { ResolverIp = "192.0.2.53", RegionId = region, ClientsSeen = clients });
        return batch;
    }

    private ReportBatch Batch(string reporter, int samples = 10)
    {
        ReportBatch batch = new() { ReporterId = reporter, Sequence = (ulong)_said.Count * 1000 + ++_made, MeasuredUnixMs = _clock.GetUtcNow().ToUnixTimeMilliseconds() };
        for (int i = 0; i < samples; i++) batch.Paths.Add(new PathReport { RegionId = "US-01", EdgeId = "own-bos", RttMs = 60 + i });
        return batch;
    }

    private ulong _made;

    /// <summary>One book that had every batch once.</summary>
    private MeasuredFacts Oracle()
    {
        World world = _workers[0].Folder.World!;
        MeasureBook book = new(world, MeasureSettings.Default);
        SampleBatch batch = new();
        long now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (ReportBatch said in _said)
        {
            BatchReading.Fill(batch, said);
            Assert.Equal(SampleFault.None, book.Fold(batch, now));
        }
        return book.Facts(new Snapshot(world, 19), now);
    }

    private static void Same(MeasuredFacts expected, FoldWorker worker)
    {
        MeasuredFacts facts = worker.Facts();
        Assert.Equal(expected.Paths.AsEnumerable(), facts.Paths.AsEnumerable());
        Assert.Equal(expected.Demand.AsEnumerable(), facts.Demand.AsEnumerable());
        Assert.Equal(expected.Resolvers.SelectMany(static r => r.Value), facts.Resolvers.SelectMany(static r => r.Value));
    }

    /// <summary>Gives no answer to the first part, stored or not.</summary>
    private sealed class StumblingParts(ISampleParts parts, bool stores) : ISampleParts
    {
        public int Stores { get; private set; }

        public async Task<PartStore> StoreAsync(string consumer, ImmutableArray<string> batches, ReadOnlyMemory<byte> part, CancellationToken cancellation)
        {
            if (++Stores > 1) return await parts.StoreAsync(consumer, batches, part, cancellation).ConfigureAwait(false);
            if (stores) Assert.Equal(PartStore.Stored, await parts.StoreAsync(consumer, batches, part, cancellation).ConfigureAwait(false));
            throw new StoreUnavailableException(StoreTrouble.TimedOut, "no answer");
        }

        public Task<ImmutableArray<SampleEntry>> OwnAsync(string consumer, string after, int most, CancellationToken cancellation) => parts.OwnAsync(consumer, after, most, cancellation);

        public Task<PartReading> ReadAsync(string after, int most, CancellationToken cancellation) => parts.ReadAsync(after, most, cancellation);

        public bool IsNotAfter(string part, string place) => parts.IsNotAfter(part, place);

        public Task<PartReport> ReportAsync(CancellationToken cancellation) => parts.ReportAsync(cancellation);
    }
}
