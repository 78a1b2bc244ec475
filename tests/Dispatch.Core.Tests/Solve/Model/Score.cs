namespace TrafficDispatch.Core.Tests.Solve.Model;

/// <summary>What a plan is worth, the most important first: traffic left unserved by priority, bounds broken that may yield, and everything
/// that is measured in money.</summary>
/// <param name="First">Unserved Mbit/s of the highest priority.</param>
/// <param name="Second">Of the next.</param>
/// <param name="Third">Of the one after.</param>
/// <param name="Broken">Mbit/s by which floors are missed, sessions torn away and onload bounds passed.</param>
/// <param name="Soft">Money, latency, loss, congestion and moves, micro-USD an hour.</param>
internal readonly record struct Score(long First, long Second, long Third, long Broken, Int128 Soft)
{
    public static readonly Score Worst = new(long.MaxValue, 0, 0, 0, 0);

    public static Score Unserved(int level, long mbps) => level switch
    {
        0 => new(mbps, 0, 0, 0, 0),
        1 => new(0, mbps, 0, 0, 0),
        2 => new(0, 0, mbps, 0, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(level), "Three priorities are enough here."),
    };

    public static Score operator +(Score a, Score b) => new(a.First + b.First, a.Second + b.Second, a.Third + b.Third, a.Broken + b.Broken, a.Soft + b.Soft);

    /// <summary>Below 0 where this one is better.</summary>
    public int Against(Score other)
    {
        if (First != other.First) return First.CompareTo(other.First);
        if (Second != other.Second) return Second.CompareTo(other.Second);
        if (Third != other.Third) return Third.CompareTo(other.Third);
        return Broken != other.Broken ? Broken.CompareTo(other.Broken) : Soft.CompareTo(other.Soft);
    }
}
