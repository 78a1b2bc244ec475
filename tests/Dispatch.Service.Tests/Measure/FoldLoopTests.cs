using System.Collections.Immutable;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Measure;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Service.Tests.Publish;
using TrafficDispatch.State;
using TrafficDispatch.State.Files;

namespace TrafficDispatch.Service.Tests.Measure;

public sealed class FoldLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = TestService.Morning();
    private readonly TelemetryBoard _board = new();
    private readonly SampleFolder _folder;
    private readonly TestWorld _files = TestWorld.Small();
    private readonly StateDirectory _state = new();

    public FoldLoopTests()
    {
        _folder = new SampleFolder(new TelemetrySettings(), _board, _clock);
        Snapshot facts = new(_files.Build(), 19);
        Assert.Same(facts, _folder.Measured(facts));
    }

    public void Dispose()
    {
        _files.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task Run_StoreIsAwayForAWhile_SaysSoAndGoesOn()
    {
        FailingLog log = new(Batches(2), failures: 1);
        await RunUntil(log, static summary => summary.Batches == 2);
        Assert.Equal("", _board.Summary.LastError);
        Assert.Equal(["x-1", "x-2"], log.Acknowledged);
    }

    [Fact]
    public async Task Run_BytesThatAreNoBatch_AreCountedAndPassed()
    {
        FailingLog log = new([new("x-0", new byte[] { 0xFF, 0xFF, 0xFF }), .. Batches(1)], failures: 0);
        await RunUntil(log, static summary => summary is { Batches: 1, Unreadable: 1 });
        Assert.Equal(["x-0", "x-1"], log.Acknowledged);
    }

    [Fact]
    public async Task Run_BatchDeliveredAgain_CountsOnce()
    {
        ImmutableArray<SampleEntry> once = Batches(1);
        FailingLog log = new([.. once, new("x-9", once[0].Payload)], failures: 0);
        await RunUntil(log, static summary => summary.Counts[(int)SampleFault.Duplicate] == 10);
        Assert.Equal(10, _board.Summary.Counts[(int)SampleFault.None]);
        Assert.Equal(_clock.GetUtcNow(), _board.Summary.Newest);
    }

    private async Task RunUntil(FailingLog log, Func<TelemetrySummary, bool> done)
    {
        using ILoggerFactory logs = LoggerFactory.Create(static _ => { });
        StateDoor door = new(FileState.OpenAlone(_state.Path, 3, _clock), new(_state.Path, 3), IsShared: false);
        MeasureKeeper keeper = new(new(), door, new FixedLeadership(null), _folder, new(_board, _clock), _clock, logs.CreateLogger<MeasureKeeper>());
        using FoldLoop loop = new(log, new LocalFolding(log, _folder, keeper, _board, _clock), _board, logs.CreateLogger<FoldLoop>());
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Folded += (_, _) =>
        {
            if (done(_board.Summary)) reached.TrySetResult();
        };
        await loop.StartAsync(default);
        await reached.Task.WaitAsync(Patience);
        await loop.StopAsync(default);
    }

    private ImmutableArray<SampleEntry> Batches(int count) => [.. Enumerable.Range(1, count).Select(i =>
    {
        ReportBatch batch = new() { ReporterId = "a", Sequence = (ulong)i, MeasuredUnixMs = _clock.GetUtcNow().ToUnixTimeMilliseconds() };
        for (int s = 0; s < 10; s++) batch.Paths.Add(new PathReport { RegionId = "US-01", EdgeId = "own-bos", RttMs = 12 });
        return new SampleEntry($"x-{i}", batch.ToByteArray());
    })];

    /// <summary>A log whose first reads fail, then give all there is at once.</summary>
    private sealed class FailingLog(ImmutableArray<SampleEntry> entries, int failures) : ISampleLog
    {
        private ImmutableArray<SampleEntry> _left = entries;
        private int _failures = failures;

        public List<string> Acknowledged { get; } = [];

        public Task<SampleAppend> AppendAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellation) => Task.FromResult(SampleAppend.Full);

        public Task<ImmutableArray<SampleEntry>> ReadAsync(string consumer, int most, CancellationToken cancellation)
        {
            if (_failures-- > 0) throw new StoreUnavailableException(StoreTrouble.Unreachable, "away");
            ImmutableArray<SampleEntry> read = _left;
            _left = [];
            return Task.FromResult(read);
        }

        public Task<ImmutableArray<SampleEntry>> ClaimAsync(string consumer, TimeSpan idle, int most, CancellationToken cancellation) =>
            Task.FromResult(ImmutableArray<SampleEntry>.Empty);

        public Task AcknowledgeAsync(ImmutableArray<string> ids, CancellationToken cancellation)
        {
            Acknowledged.AddRange(ids);
            return Task.CompletedTask;
        }

        public Task WaitAsync(TimeSpan longest, CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

        public Task<SampleLogReport> ReportAsync(CancellationToken cancellation) => Task.FromResult(new SampleLogReport(0, 0, 0));
    }
}
