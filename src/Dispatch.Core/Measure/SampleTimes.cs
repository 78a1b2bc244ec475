namespace TrafficDispatch.Measure;

/// <summary>
/// When the samples that count were taken: counts by step of time over four half-lives, a second a step or a 256th of the half-life where that is
/// longer. Adding and merging commute. Not thread-safe.
/// </summary>
internal sealed class SampleTimes
{
    /// <summary>Most steps that are told apart: four half-lives of 256, and the minutes that clocks may be ahead.</summary>
    public const int Steps = 1280;

    private const int StepsPerHalfLife = 256;

    private readonly long _stepMs, _halfLifeMs;
    private readonly (long Step, long Samples)[] _counts = new (long, long)[Steps];

    /// <param name="halfLifeMs">The half-life of a sample, above 0.</param>
    public SampleTimes(long halfLifeMs) => (_halfLifeMs, _stepMs) = (halfLifeMs, Math.Max(1000, halfLifeMs / StepsPerHalfLife));

    /// <summary>The step that a time is in.</summary>
    public long StepOf(long atMs) => atMs / _stepMs;

    /// <summary>Counts samples of a step. What is more than all steps behind the newest in its place is gone.</summary>
    /// <param name="step">When they were taken.</param>
    /// <param name="samples">How many.</param>
    /// <param name="latest">The latest step that a sample may be of now: what is beyond is left over from a clock that was ahead, and makes room.</param>
    public void Add(long step, long samples, long latest)
    {
        ref (long Step, long Samples) count = ref _counts[step % Steps];
        if (count.Step < step || count.Step > latest) count = (step, 0);
        if (count.Step == step) count.Samples = Math.Min(long.MaxValue / Steps, count.Samples + samples);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Clear(_counts);

    /// <summary>The middle age of the samples taken within four half-lives, each weighted as it counts.</summary>
    /// <param name="nowMs">Our clock.</param>
    /// <param name="isWeighted">False where every one weighs the same.</param>
    /// <returns>Milliseconds, to a step; null where there are none.</returns>
    public long? MedianAge(long nowMs, bool isWeighted)
    {
        (long AgeMs, Int128 Weight)[] ages = [.. _counts.Where(c => c.Samples > 0 && c.Step <= StepOf(nowMs) + Steps / 10)
            .Select(c => (AgeMs: Math.Max(0, nowMs - c.Step * _stepMs), Weight: (Int128)c.Samples << PathCells.Lifetimes))
            .Where(a => a.AgeMs < PathCells.Lifetimes * _halfLifeMs)
            .Select(a => (a.AgeMs, isWeighted ? a.Weight >> (int)(a.AgeMs / _halfLifeMs) : a.Weight))
            .OrderBy(static a => a.AgeMs)];
        Int128 all = 0, seen = 0;
        foreach ((_, Int128 weight) in ages) all += weight;
        foreach ((long age, Int128 weight) in ages)
        {
            seen += weight;
            if (2 * seen >= all) return age;
        }
        return null;
    }

    /// <summary>Writes the steps that hold samples.</summary>
    public void WriteTo(ByteWriter writer)
    {
        writer.Number((ulong)_counts.Count(static c => c.Samples > 0));
        foreach ((long step, long samples) in _counts)
        {
            if (samples == 0) continue;
            writer.Number((ulong)step);
            writer.Number((ulong)samples);
        }
    }
}
