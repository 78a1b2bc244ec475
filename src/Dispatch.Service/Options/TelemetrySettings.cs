using TrafficDispatch.Measure;

namespace TrafficDispatch.Service.Options;

/// <summary>Who may report, how fast, and how much is kept. Immutable.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Full path of the file that holds the token of reporters on other machines; empty (default): none may report from there.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>Batches a second that one stream may send in the long run, 1 to 100,000; default 50. Twice as many at once.</summary>
    public int BatchesPerSecond { get; init; } = 50;

    /// <summary>Streams that may report at the same time, 1 to 100,000; default 256.</summary>
    public int Streams { get; init; } = 256;

    /// <summary>Batches that may wait to be folded, 1 to 10,000,000; default 10,000. Beyond, reporters wait.</summary>
    public int Backlog { get; init; } = 10_000;

    /// <summary>What is believed, and how much memory it may take.</summary>
    public MeasureSettings Measure { get; init; } = MeasureSettings.Default;
}
