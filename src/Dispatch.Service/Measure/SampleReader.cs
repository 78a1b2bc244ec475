using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.State;

namespace TrafficDispatch.Service.Measure;

/// <summary>One worker's reading of the log: new batches, and every ten seconds those that another was given and left.</summary>
internal sealed class SampleReader(ISampleLog log, TimeProvider time)
{
    private static readonly TimeSpan ClaimInterval = TimeSpan.FromSeconds(10), Left = TimeSpan.FromSeconds(30);

    private DateTimeOffset _claimed = DateTimeOffset.MinValue;

    /// <summary>The worker's name, unique among all.</summary>
    public string Consumer { get; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}");

    /// <summary>The next batches; none where there are none now.</summary>
    public ImmutableArray<SampleEntry> Next(int most, CancellationToken stop)
    {
        ImmutableArray<SampleEntry> left = Claim(most, stop);
        return left.IsEmpty ? log.ReadAsync(Consumer, most, stop).GetAwaiter().GetResult() : left;
    }

    private ImmutableArray<SampleEntry> Claim(int most, CancellationToken stop)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - _claimed < ClaimInterval && now >= _claimed) return [];
        _claimed = now;
        return log.ClaimAsync(Consumer, Left, most, stop).GetAwaiter().GetResult();
    }
}
