using TrafficDispatch.Measure;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Serve;

/// <summary>Puts what is measured into a status reply.</summary>
internal static class TelemetryMessages
{
    /// <summary>Adds it, also while nothing is measured.</summary>
    public static void Add(StatusReply reply, TelemetryBoard board, DateTimeOffset now)
    {
        TelemetrySummary summary = board.Summary;
        TelemetryStatus status = new()
        {
            Batches = (ulong)summary.Batches,
            Samples = (ulong)board.CountOf(SampleFault.None),
            Backlog = (ulong)summary.Backlog,
            NewestAgeSeconds = summary.Newest is { } newest ? Math.Max(0, (now - newest).TotalSeconds) : -1,
            Reporters = (uint)summary.Use.Reporters,
            Resolvers = (uint)summary.Use.Resolvers,
            Evicted = (ulong)(summary.Use.PathCellsEvicted + summary.Use.ResolversEvicted + summary.Use.ReportersForgotten),
            LastError = summary.LastError,
            Pending = (ulong)summary.Pending,
            OldestAgeSeconds = summary.OldestAge.TotalSeconds,
            NewestAtTableSeconds = Seconds(board.Ages?.Newest),
            MedianAtTableSeconds = Seconds(board.Ages?.Median),
            NewMedianAtTableSeconds = Seconds(board.Ages?.NewMedian),
            Dropped = (ulong)summary.Dropped,
            Parts = summary.Parts is { } parts ? Of(parts) : null,
        };
        for (int fault = 1; fault < SampleRules.FaultCount; fault++)
            if (board.CountOf((SampleFault)fault) is > 0 and long samples) status.Rejected.Add(SampleRules.NameOf((SampleFault)fault), (ulong)samples);
        if (board.Facts?.Coverage is { } coverage) Add(status, coverage);
        reply.Telemetry = status;
    }

    private static double Seconds(TimeSpan? age) => age?.TotalSeconds ?? -1;

    private static PartStatus Of(PartFigures parts) => new()
    {
        Stored = (ulong)parts.Stored,
        Refused = (ulong)parts.Refused,
        Merged = (ulong)parts.Merged,
        Behind = (ulong)parts.Behind,
        Lost = (ulong)parts.Lost,
        Kept = (ulong)parts.Kept,
        KeptBytes = (ulong)parts.KeptBytes,
        Dropped = (ulong)parts.Dropped,
    };

    private static void Add(TelemetryStatus status, MeasureCoverage coverage)
    {
        status.FreshRegions = (uint)coverage.FreshRegions;
        status.FreshDemandShare = coverage.FreshDemandShare;
        status.MeasuredPaths = (uint)coverage.Paths;
        status.CountryPaths = (uint)coverage.CountryPaths;
        status.DemandRegions = (uint)coverage.DemandRegions;
    }
}
