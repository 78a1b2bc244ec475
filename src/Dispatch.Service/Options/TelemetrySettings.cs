using TrafficDispatch.Measure;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Options;

/// <summary>Who may report, how fast, and how much is kept. Immutable.</summary>
public sealed record TelemetrySettings
{
    /// <summary>The token of reporters on other machines; null (default): they need a credential of that role.</summary>
    internal WatchedFile<TokenBook>? Tokens { get; init; }

    /// <summary>Batches a second that one stream may send in the long run, 1 to 100,000; default 50. Twice as many at once.</summary>
    public int BatchesPerSecond { get; init; } = 50;

    /// <summary>Streams that may report at the same time, 1 to 100,000; default 256.</summary>
    public int Streams { get; init; } = 256;

    /// <summary>Batches that may wait to be folded, 1 to 10,000,000; default 10,000. Beyond, reporters wait.</summary>
    public int Backlog { get; init; } = 10_000;

    /// <summary>Bytes of parts that are kept in the shared store, 1 to 65,536 MB; default 256. Beyond, the oldest leave before their time.</summary>
    public int PartMegabytes { get; init; } = 256;

    /// <summary>How often the leader keeps what lives longer than its samples, and the others read it, 1 s to 1 hour; default 1 minute.</summary>
    public TimeSpan KeepEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What is believed, and how much memory it may take.</summary>
    public MeasureSettings Measure { get; init; } = MeasureSettings.Default;
}
