using System.Collections.Concurrent;
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

/// <summary>The counters of one service.</summary>
public sealed class ServiceTally
{
    private readonly long[] _byReason = new long[(int)DecisionTally.Last + 1];

    /// <summary>Counts a decision.</summary>
    /// <returns>How many there are now.</returns>
    public long Add(DecisionReason reason) => Interlocked.Increment(ref _byReason[(int)reason]);

    /// <summary>Decisions so far.</summary>
    public long Read(DecisionReason reason) => Volatile.Read(ref _byReason[(int)reason]);
}
