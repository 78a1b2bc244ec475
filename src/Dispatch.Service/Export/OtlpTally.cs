using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Options;

namespace TrafficDispatch.Service.Export;

/// <summary>Exports over OTLP by signal and how they ended; a receiver that takes nothing is told of once a minute at most. Thread-safe.</summary>
internal sealed class OtlpTally(OtlpSettings settings, TimeProvider time, ILogger<OtlpTally> logger)
{
    private static readonly string[] Signals = ["metrics", "traces"], Results = ["taken", "failed"];

    private readonly long[] _counts = new long[Signals.Length * Results.Length];
    private readonly Occasionally _telling = new(time, TimeSpan.FromMinutes(1));
    private int _isAway;

    /// <summary>Counts an export.</summary>
    /// <param name="signal">0 for metrics, 1 for traces.</param>
    /// <param name="isTaken">True where the receiver took it.</param>
    public void Count(int signal, bool isTaken)
    {
        Interlocked.Increment(ref _counts[signal * Results.Length + (isTaken ? 0 : 1)]);
        if (isTaken)
        {
            if (Interlocked.Exchange(ref _isAway, 0) == 1) ExportLog.Back(logger, Signals[signal]);
            return;
        }
        Volatile.Write(ref _isAway, 1);
        if (_telling.IsDue(out long before)) ExportLog.Away(logger, Signals[signal], settings.AddressOf(Signals[signal]), before);
    }

    /// <summary>All counts.</summary>
    public IEnumerable<Measurement<long>> Counts() => _counts.Select((_, i) => new Measurement<long>(Volatile.Read(ref _counts[i]),
        new("signal", Signals[i / Results.Length]), new("result", Results[i % Results.Length])));
}
