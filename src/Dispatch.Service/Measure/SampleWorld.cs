using TrafficDispatch.Service.Ingest;
using TrafficDispatch.Service.Publish;

namespace TrafficDispatch.Service.Measure;

/// <summary>Gives whoever folds without leading the facts that samples are checked against. Used by the fold thread alone.</summary>
internal sealed class SampleWorld(WorldSource source, SampleFolder folder, ILeadership leadership, TimeProvider time, ILogger<SampleWorld> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private LoadedWorld? _taken;
    private DateTimeOffset _looked = DateTimeOffset.MinValue;
    private string _told = "";

    /// <summary>Looks every two seconds whether there is another world; whoever leads has it from the solve.</summary>
    public void Look()
    {
        DateTimeOffset now = time.GetUtcNow();
        if ((leadership.Token is not null && folder.World is not null) || (now - _looked).Duration() < Interval) return;
        _looked = now;
        WorldReading reading = source.Read();
        // Whoever looks first is told what the look did; here, where another leads or nobody does yet.
        foreach (string warning in reading.Warnings) MeasureLog.WorldWarning(logger, warning);
        string fault = reading.Faults.IsEmpty ? "" : reading.Faults[0];
        if (fault.Length > 0 && fault != _told) MeasureLog.NoWorld(logger, fault);
        _told = fault;
        if (reading.World is not { } loaded || ReferenceEquals(loaded, _taken)) return;
        _taken = loaded;
        if (!folder.Take(loaded.World)) MeasureLog.NoWorld(logger, "it has more regions or edges than samples can be kept for");
    }
}
