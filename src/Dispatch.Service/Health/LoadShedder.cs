using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// The loop from measured loads to what edges keep of their clients. Reads no clock: the same reports at the same times give the same weights. Used by
/// one thread at a time.
/// </summary>
/// <param name="settings">The rules.</param>
public sealed class LoadShedder(LoadSettings settings)
{
    private readonly SortedDictionary<string, Course> _courses = new(StringComparer.Ordinal);

    /// <summary>Takes a report.</summary>
    /// <returns>False where the figures cannot be true; they are not heeded.</returns>
    public bool Add(in EdgeLoad load, DateTimeOffset now)
    {
        if (!load.IsValid) return false;
        Course before = _courses.GetValueOrDefault(load.EdgeId, Course.Whole);
        bool full = load.Percent >= (before.IsFull ? settings.RoomPercent : settings.TargetPercent);
        _courses[load.EdgeId] = before with { Load = load.Percent, ReportedAt = now, IsFull = full };
        return true;
    }

    /// <summary>Takes the steps that are due.</summary>
    /// <param name="planned">Load that the plan gives each edge, percent by id, for those that report nothing; null for an edge that is not in the plan.</param>
    /// <param name="edges">All edges that may be answered with.</param>
    /// <param name="now">The time; never before that of the call before.</param>
    /// <returns>What edges keep, and who takes nobody else's clients: nothing at all while every edge keeps its own.</returns>
    public EdgeWeights Step(IEnumerable<string> edges, Func<string, double?> planned, DateTimeOffset now)
    {
        foreach (string id in _courses.Keys.ToList())
        {
            Course next = Move(_courses[id], now);
            if (next.Kept == 100 && !IsFresh(next, now)) _courses.Remove(id);
            else _courses[id] = next;
        }
        EdgeWeight[] kept = [.. _courses.Where(static c => c.Value.Kept < 100).Select(static c => new EdgeWeight(c.Key, (byte)c.Value.Kept))];
        if (kept.Length == 0) return EdgeWeights.None;

        // Who gives clients away takes none, and neither does anybody of whom no room is known.
        return new([.. kept], [.. edges.Where(id => !HasRoom(id, planned, now)).Order(StringComparer.Ordinal)]);
    }

    private bool HasRoom(string id, Func<string, double?> planned, DateTimeOffset now)
    {
        if (_courses.TryGetValue(id, out Course course) && (course.Kept < 100 || IsFresh(course, now))) return course.Kept == 100 && !course.IsFull;
        return planned(id) < settings.RoomPercent;
    }

    private Course Move(in Course course, DateTimeOffset now)
    {
        if (IsFresh(course, now) && course.Load > settings.CeilingPercent)
        {
            if (!ShowsLastStep(course) || course.Kept <= settings.LeastKeptPercent) return course;
            int aim = (int)(course.Kept * settings.TargetPercent / course.Load);
            return course with { Kept = Math.Max(Math.Max(aim, course.Kept - settings.StepPercent), settings.LeastKeptPercent), SteppedAt = now };
        }
        if (course.Kept == 100 || now - course.SteppedAt < settings.RecoverEvery) return course;
        int back = Math.Min(100, course.Kept + settings.RecoverPercent);
        bool fits = !IsFresh(course, now) || (ShowsLastStep(course) && course.Load * back <= (double)settings.TargetPercent * course.Kept);
        return fits ? course with { Kept = back, SteppedAt = now } : course;
    }

    // A report from before clients followed the last step would have the same step made twice.
    private bool ShowsLastStep(in Course course) => course.ReportedAt - course.SteppedAt >= settings.Settling;

    private bool IsFresh(in Course course, DateTimeOffset now) => now - course.ReportedAt <= settings.Remembered;

    private readonly record struct Course(int Kept, double Load, bool IsFull, DateTimeOffset ReportedAt, DateTimeOffset SteppedAt)
    {
        public static readonly Course Whole = new(100, 0, false, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
    }
}
