using TrafficDispatch.Measure;
using TrafficDispatch.Service.Access;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of telemetry.</summary>
internal sealed partial class SettingsReader
{
    private TelemetrySettings Telemetry()
    {
        TelemetrySettings defaults = new();
        MeasureSettings measure = MeasureSettings.Default;
        return new()
        {
            Tokens = Tokens("Telemetry:TokenFile", TokenLines.One),
            BatchesPerSecond = Whole("Telemetry:BatchesPerSecond", 1, 100_000) ?? defaults.BatchesPerSecond,
            Streams = Whole("Telemetry:Streams", 1, 100_000) ?? defaults.Streams,
            Backlog = Whole("Telemetry:Backlog", 1, 10_000_000) ?? defaults.Backlog,
            PartMegabytes = Whole("Telemetry:PartMegabytes", 1, 65_536) ?? defaults.PartMegabytes,
            KeepEvery = Bounded("Telemetry:KeepEvery", TimeSpan.FromHours(1), defaults.KeepEvery),
            Measure = measure with
            {
                HalfLife = Time("Telemetry:HalfLife", TimeSpan.FromSeconds(10), "00:00:10", measure.HalfLife),
                PathCells = Whole("Telemetry:PathCells", 1, 20_000_000) ?? measure.PathCells,
                Reporters = Whole("Telemetry:Reporters", 1, 16_383) ?? measure.Reporters,
                Resolvers = Whole("Telemetry:Resolvers", 1, 10_000_000) ?? measure.Resolvers,
            },
        };
    }
}
