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
            BatchesPerSecond = Whole("Telemetry:BatchesPerSecond") ?? defaults.BatchesPerSecond,
            Streams = Whole("Telemetry:Streams") ?? defaults.Streams,
            Backlog = Whole("Telemetry:Backlog") ?? defaults.Backlog,
            PartMegabytes = Whole("Telemetry:PartMegabytes") ?? defaults.PartMegabytes,
            KeepEvery = Time("Telemetry:KeepEvery", defaults.KeepEvery),
            Measure = measure with
            {
                HalfLife = Time("Telemetry:HalfLife", measure.HalfLife),
                PathCells = Whole("Telemetry:PathCells") ?? measure.PathCells,
                Reporters = Whole("Telemetry:Reporters") ?? measure.Reporters,
                Resolvers = Whole("Telemetry:Resolvers") ?? measure.Resolvers,
            },
        };
    }
}
