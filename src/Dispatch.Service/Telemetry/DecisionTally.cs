using System.Collections.Concurrent;
using System.Numerics;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Decisions counted by service and reason in plain numbers, which the meter reads when somebody scrapes. Thread-safe.</summary>
public sealed class DecisionTally
{
    /// <summary>The greatest reason.</summary>
    internal const DecisionReason Last = DecisionReason.LoadShed;

    private readonly ConcurrentDictionary<string, ServiceTally> _services = new(StringComparer.Ordinal);

    /// <summary>The counters of a service; the same object for the life of the process, so that counts survive a swap.</summary>
    public ServiceTally Of(string service) => _services.GetOrAdd(service, static _ => new ServiceTally());

    /// <summary>All counts above zero.</summary>
    public IEnumerable<(string Service, DecisionReason Reason, long Count)> Counts()
    {
        foreach ((string service, ServiceTally tally) in _services)
        {
            for (DecisionReason reason = DecisionReason.Unspecified; reason <= Last; reason++)
                if (tally.Read(reason) is > 0 and long count) yield return (service, reason, count);
        }
    }
}

/// <summary>The counters of one service: a row a processor, so that busy processors do not pull one cache line back and forth. Thread-safe.</summary>
public sealed class ServiceTally
{
    private const int LineNumbers = 8;
    private const int MostRows = 64;

    // Whole cache lines, and one more between neighbours.
    private const int RowNumbers = ((int)DecisionTally.Last / LineNumbers + 2) * LineNumbers;

    private static readonly int Rows = (int)Math.Min(MostRows, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount));

    private readonly long[] _counts = new long[Rows * RowNumbers];

    /// <summary>Counts a decision.</summary>
    public void Add(DecisionReason reason) =>
        Interlocked.Increment(ref _counts[(Thread.GetCurrentProcessorId() & (Rows - 1)) * RowNumbers + (int)reason]);

    /// <summary>Decisions so far.</summary>
    public long Read(DecisionReason reason)
    {
        long count = 0;
        for (int row = 0; row < Rows; row++) count += Volatile.Read(ref _counts[row * RowNumbers + (int)reason]);
        return count;
    }
}
