namespace TrafficDispatch.Service.Access;

/// <summary>Bounds what is told of something that comes as fast as somebody sends it: one in a while, with the number of those before. Thread-safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="least">Time between two that are told.</param>
internal sealed class Occasionally(TimeProvider time, TimeSpan least)
{
    private readonly Lock _gate = new();
    private long _toldAt, _untold;
    private bool _hasTold;

    /// <summary>Counts one.</summary>
    /// <param name="before">How many were not told since the last that was.</param>
    /// <returns>True where this one should be told.</returns>
    public bool IsDue(out long before)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            before = _untold;
            if (_hasTold && time.GetElapsedTime(_toldAt, now) < least)
            {
                _untold++;
                return false;
            }
            (_hasTold, _toldAt, _untold) = (true, now, 0);
            return true;
        }
    }
}
