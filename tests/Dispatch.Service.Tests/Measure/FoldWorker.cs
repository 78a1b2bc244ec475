using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Measure;
using TrafficDispatch.Service.Options;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.State;
using TrafficDispatch.Service.Tests.Publish;
using TrafficDispatch.State;
using TrafficDispatch.State.Redis;

namespace TrafficDispatch.Service.Tests.Measure;

/// <summary>One worker over a real Redis, stepped by hand: to kill it is never to step it again.</summary>
internal sealed class FoldWorker : IDisposable
{
    private readonly SharedFolding _folding;
    private readonly FreshRegions _fresh;
    private readonly StateDirectory _state = new();

    public FoldWorker(RedisState store, string world, ManualClock clock, ISampleParts? parts = null, FencingToken? token = null)
    {
        TelemetrySettings settings = new();
        FixedLeadership leadership = new(token);
        Folder = new(settings, Board, clock);
        _fresh = new(Board, clock);
        ISampleLog log = new ClaimAtOnce(new RedisSampleLog(store.Connection, settings.Backlog, TimeSpan.FromMinutes(21), TimeProvider.System));
        parts ??= PartsOf(store);
        StateDoor door = new(store, new(_state.Path, 3), IsShared: true);
        MeasureKeeper keeper = new(settings, door, leadership, Folder, _fresh, clock, NullLogger<MeasureKeeper>.Instance);
        SampleWorld facts = new(new(new(world, "", ""), new FolderFacts(world)), Folder, leadership, clock, NullLogger<SampleWorld>.Instance);
        PartTail tail = new(parts, Folder, keeper, clock, NullLogger<PartTail>.Instance);
        _folding = new(log, parts, new(settings, Folder, Board, clock), new(tail), facts, Folder, Board, clock, NullLogger<SharedFolding>.Instance);
    }

    public TelemetryBoard Board { get; } = new();

    public SampleFolder Folder { get; }

    public (int Regions, long AtMs) MostFresh => _fresh.Most;

    public static RedisSampleParts PartsOf(RedisState store, long mostBytes = 1 << 24) => new(store.Connection, TimeSpan.FromMinutes(26), mostBytes);

    /// <summary>A step; what the loop does where the store gives no answer, it does too.</summary>
    public bool Step()
    {
        try
        {
            return _folding.Step(default);
        }
        catch (StoreUnavailableException)
        {
            _folding.Stumble();
            return true;
        }
    }

    public void End() => _folding.End(default);

    public MeasuredFacts Facts()
    {
        Folder.Measured(new Snapshot(Folder.World!, 19));
        return Board.Facts!;
    }

    public void Dispose() => _state.Dispose();

    /// <summary>Batches of others are taken over without their being left alone for long.</summary>
    private sealed class ClaimAtOnce(ISampleLog log) : ISampleLog
    {
        public Task<SampleAppend> AppendAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellation) => log.AppendAsync(name, payload, cancellation);

        public Task<ImmutableArray<SampleEntry>> ReadAsync(string consumer, int most, CancellationToken cancellation) => log.ReadAsync(consumer, Math.Min(most, 5), cancellation);

        public Task<ImmutableArray<SampleEntry>> ClaimAsync(string consumer, TimeSpan idle, int most, CancellationToken cancellation) => log.ClaimAsync(consumer, TimeSpan.Zero, most, cancellation);

        public Task AcknowledgeAsync(ImmutableArray<string> ids, CancellationToken cancellation) => log.AcknowledgeAsync(ids, cancellation);

        public Task WaitAsync(TimeSpan longest, CancellationToken cancellation) => log.WaitAsync(longest, cancellation);

        public Task<SampleLogReport> ReportAsync(CancellationToken cancellation) => log.ReportAsync(cancellation);
    }
}
