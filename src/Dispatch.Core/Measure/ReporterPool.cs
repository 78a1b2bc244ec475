namespace TrafficDispatch.Measure;

/// <summary>What several reporters say of the same path, made one. Reused for path after path. Not thread-safe.</summary>
/// <remarks>
/// Invariant: with three reporters or more none weighs more than a third, so what a lying one can do to the median is to shift it between
/// the first and third quartile of what the others say (its share s ≤ 1/3 moves the rank within the others to (½−s)/(1−s) or ½/(1−s)).
/// With fewer, the estimate stays within fixed factors of the facts' value. Two that contradict each other say nothing.
/// </remarks>
internal sealed class ReporterPool(PathCells cells, MeasureSettings settings)
{
    private const int WeightBits = 16, MedianPermille = 500, TailPermille = 950;

    private readonly long[] _own = new long[LogBuckets.Count], _pooled = new long[LogBuckets.Count];
    private readonly List<Voice> _voices = [];
    private readonly List<long> _figures = [];

    /// <summary>What was made of the cells last pooled.</summary>
    public readonly record struct Pooled(long Rtt, long P95, long Units, int? LossPpm, long? Kbps, int Reporters);

    /// <summary>Pools cells of one path.</summary>
    /// <param name="ordered">The cells, those of one reporter side by side, all aged to the same epoch.</param>
    /// <param name="factsRtt">The facts' round trip, microseconds.</param>
    /// <returns>Null where no round trip was seen or two reporters contradict each other.</returns>
    public Pooled? Pool(ReadOnlySpan<int> ordered, long factsRtt)
    {
        Hear(ordered);
        DropLoners();
        if (_voices.Count == 0) return null;
        long units = Weigh(ordered, out long rtt, out long p95);
        bool few = _voices.Count < 3;
        if (few) rtt = Math.Clamp(rtt, factsRtt / settings.FewReportersFall, Math.Max(1, factsRtt) * settings.FewReportersRise);
        return new Pooled(rtt, Math.Max(rtt, p95), units, Loss(ordered, few), Throughput(ordered), _voices.Count);
    }

    /// <summary>Adds the reporters up, none beyond its cap.</summary>
    private long Weigh(ReadOnlySpan<int> ordered, out long rtt, out long p95)
    {
        long cap = Cap(), total = 0, units = 0;
        Array.Clear(_pooled);
        foreach (Voice voice in _voices)
        {
            long part = Math.Min(voice.Units, cap), weight = (part << WeightBits) / voice.Units;
            units += part;
            for (int i = voice.First; i < voice.End; i++) total += AddBins(ordered[i], _pooled, weight);
        }
        rtt = LogBuckets.ValueOf(LogBuckets.Quantile(_pooled, total, MedianPermille));
        p95 = LogBuckets.ValueOf(LogBuckets.Quantile(_pooled, total, TailPermille));
        return units;
    }

    /// <summary>Each reporter's samples and median.</summary>
    private void Hear(ReadOnlySpan<int> ordered)
    {
        _voices.Clear();
        for (int first = 0, end; first < ordered.Length; first = end)
        {
            int reporter = cells[ordered[first]].Key.Reporter;
            Array.Clear(_own);
            long units = 0;
            for (end = first; end < ordered.Length && cells[ordered[end]].Key.Reporter == reporter; end++) units += AddBins(ordered[end], _own, 1);
            if (units > 0) _voices.Add(new Voice(first, end, units, LogBuckets.ValueOf(LogBuckets.Quantile(_own, units, MedianPermille))));
        }
    }

    /// <summary>Leaves out those whose median is far from everybody else's.</summary>
    private void DropLoners()
    {
        if (_voices.Count < 2) return;
        _voices.Sort(static (a, b) => a.Median != b.Median ? a.Median.CompareTo(b.Median) : a.First.CompareTo(b.First));
        int kept = 0;
        for (int i = 0; i < _voices.Count; i++)
        {
            bool below = i > 0 && Agree(_voices[i - 1].Median, _voices[i].Median);
            bool above = i + 1 < _voices.Count && Agree(_voices[i].Median, _voices[i + 1].Median);
            _figures.Add(below || above ? 1 : 0);
        }
        for (int i = 0; i < _voices.Count; i++)
            if (_figures[i] == 1) _voices[kept++] = _voices[i];
        _figures.Clear();
        _voices.RemoveRange(kept, _voices.Count - kept);
    }

    private bool Agree(long low, long high) => high < low * settings.ContradictionFactor;

    /// <summary>What a reporter may weigh: a third of all with three or more, as much as the other with two.</summary>
    private long Cap()
    {
        (long first, long second, long all) = (0, 0, 0);
        foreach (Voice voice in _voices)
        {
            all += voice.Units;
            if (voice.Units > first) (first, second) = (voice.Units, first);
            else if (voice.Units > second) second = voice.Units;
        }
        if (_voices.Count < 3) return _voices.Count == 2 ? second : first;
        if (3 * first <= all) return first;
        // The greatest cut to half of the rest is a third of what is left; where the second is above that too, both are cut to the rest.
        long rest = all - first;
        return 2 * second <= rest ? Math.Max(1, rest / 2) : Math.Max(1, rest - second);
    }

    private int? Loss(ReadOnlySpan<int> ordered, bool few)
    {
        foreach (Voice voice in _voices)
        {
            (long sent, long lost) = (0, 0);
            for (int i = voice.First; i < voice.End; i++) (sent, lost) = (sent + cells[ordered[i]].Sent16, lost + cells[ordered[i]].Lost16);
            if (sent >= (long)settings.PacketsForLoss * PathCells.Unit) _figures.Add((long)((Int128)lost * 1_000_000 / sent));
        }
        return Middle() is { } ppm ? (int)(few ? Math.Min(ppm, settings.FewReportersMostLossPpm) : ppm) : null;
    }

    private long? Throughput(ReadOnlySpan<int> ordered)
    {
        foreach (Voice voice in _voices)
        {
            (long sum, long count) = (0, 0);
            for (int i = voice.First; i < voice.End; i++) (sum, count) = (sum + cells[ordered[i]].KbpsSum16, count + cells[ordered[i]].KbpsCount16);
            if (count >= (long)settings.SamplesToFall * PathCells.Unit) _figures.Add(sum / count);
        }
        return Middle();
    }

    /// <summary>The median of the reporters' figures, the lower of two; forgets them.</summary>
    private long? Middle()
    {
        _figures.Sort();
        long? middle = _figures.Count == 0 ? null : _figures[(_figures.Count - 1) / 2];
        _figures.Clear();
        return middle;
    }

    /// <summary>Adds a cell's buckets, weighted; gives their sum. At most 65,535 · 2^16 a bucket and cell, far from overflow.</summary>
    private long AddBins(int cell, long[] into, long weight)
    {
        Span<ushort> bins = cells.Bins(cell);
        long sum = 0;
        for (int b = 0; b < LogBuckets.Count; b++)
        {
            if (bins[b] == 0) continue;
            long count = bins[b] * weight;
            into[b] += count;
            sum += count;
        }
        return sum;
    }

    /// <summary>One reporter: its cells, its units of samples, its median.</summary>
    private readonly record struct Voice(int First, int End, long Units, long Median);
}
