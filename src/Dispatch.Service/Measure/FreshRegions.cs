using TrafficDispatch.Service.Change;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Tells the guard how many regions the solve began with measurements of their own for, beside the most there were within a day: a feed that
/// goes quiet is not taken for a world that changed. Thread-safe.
/// </summary>
internal sealed class FreshRegions(TelemetryBoard board, TimeProvider time) : IInputCoverage
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private int _most;
    private DateTimeOffset _mostAt;

    /// <summary>The most regions, and when there were so many, ms since 1970 UTC; to be kept over a restart.</summary>
    public (int Regions, long AtMs) Most
    {
        get
        {
            lock (_gate) return (_most, Math.Max(0, _mostAt.ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>Takes over what was kept: a feed that went quiet while nobody led is quiet all the same.</summary>
    public void Recall(int regions, long atMs)
    {
        if (atMs > time.GetUtcNow().ToUnixTimeMilliseconds()) return;
        lock (_gate)
        {
            if (regions > _most) (_most, _mostAt) = (regions, DateTimeOffset.FromUnixTimeMilliseconds(atMs));
        }
    }

    /// <inheritdoc/>
    public InputCoverage? Now()
    {
        if (board.Facts is not { } facts) return null;
        int fresh = facts.Coverage.FreshRegions;
        DateTimeOffset now = time.GetUtcNow();
        lock (_gate)
        {
            if (fresh >= _most || now - _mostAt > Remembered) (_most, _mostAt) = (fresh, now);
            return _most == 0 ? null : new(fresh, _most);
        }
    }
}
