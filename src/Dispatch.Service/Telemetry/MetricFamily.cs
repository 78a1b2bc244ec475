using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>One instrument and its series. Thread-safe.</summary>
internal abstract class MetricFamily(Instrument instrument, string type)
{
    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Makes the family that fits the instrument.</summary>
    /// <exception cref="NotSupportedException">An instrument of a kind that this program does not use.</exception>
    public static MetricFamily Of(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => new HistogramFamily(histogram),
        ObservableCounter<long> or ObservableCounter<double> => new ScalarFamily(instrument, "counter"),
        ObservableGauge<int> or ObservableGauge<long> or ObservableGauge<double> => new ScalarFamily(instrument, "gauge"),
        _ => throw new NotSupportedException($"{instrument.Name}: no text form is known for {instrument.GetType().Name}."),
    };

    /// <summary>The instrument.</summary>
    public Instrument Instrument => instrument;

    /// <summary>What Prometheus calls its kind: <c>counter</c>, <c>gauge</c> or <c>histogram</c>.</summary>
    public string Type => type;

    /// <summary>Takes a measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = LabelsOf(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out Series? series)) _series[labels] = series = NewSeries();
            Add(series, value);
        }
    }

    /// <summary>Drops the series of an observable instrument before it is read again.</summary>
    public void ForgetObserved()
    {
        if (!instrument.IsObservable) return;
        lock (_gate) _series.Clear();
    }

    /// <summary>Writes the family; nothing where it has no series.</summary>
    public void Render(StringBuilder text)
    {
        lock (_gate)
        {
            if (_series.Count == 0) return;
            text.Append("# HELP ").Append(instrument.Name).Append(' ').Append(Escaped(instrument.Description ?? "", quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(instrument.Name).Append(' ').Append(type).Append('\n');
            foreach ((string labels, Series series) in _series.OrderBy(static s => s.Key, StringComparer.Ordinal)) Render(text, labels, series);
        }
    }

    protected virtual Series NewSeries() => new(0);

    protected abstract void Add(Series series, double value);

    protected abstract void Render(StringBuilder text, string labels, Series series);

    protected void Line(StringBuilder text, string suffix, string labels, string value)
    {
        text.Append(instrument.Name).Append(suffix);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }

    protected static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        StringBuilder text = new();
        foreach ((string key, object? value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(key).Append("=\"").Append(Escaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quotes: true)).Append('"');
        }
        return text.ToString();
    }

    private static string Escaped(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    /// <summary>The numbers behind one set of labels.</summary>
    protected sealed class Series(int buckets)
    {
        public double Value { get; set; }

        public long[] Buckets { get; } = new long[buckets];
    }
}

/// <summary>A counter or gauge that reports its value when it is read.</summary>
internal sealed class ScalarFamily(Instrument instrument, string type) : MetricFamily(instrument, type)
{
    protected override void Add(Series series, double value) => series.Value = value;

    protected override void Render(StringBuilder text, string labels, Series series) => Line(text, "", labels, Number(series.Value));
}

/// <summary>A histogram with the bounds that its instrument advises.</summary>
internal sealed class HistogramFamily(Histogram<double> instrument) : MetricFamily(instrument, "histogram")
{
    private readonly double[] _bounds = [.. instrument.Advice?.HistogramBucketBoundaries
        ?? throw new NotSupportedException($"{instrument.Name}: a histogram must advise its bounds.")];

    protected override Series NewSeries() => new(_bounds.Length + 1);

    protected override void Add(Series series, double value)
    {
        // Bounds are inclusive above; a value beyond the last belongs to +Inf.
        int bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket]) bucket++;
        series.Buckets[bucket]++;
        series.Value += value;
    }

    protected override void Render(StringBuilder text, string labels, Series series)
    {
        long total = 0;
        string before = labels.Length > 0 ? labels + "," : "";
        for (int i = 0; i <= _bounds.Length; i++)
        {
            total += series.Buckets[i];
            string bound = i < _bounds.Length ? Number(_bounds[i]) : "+Inf";
            Line(text, "_bucket", $"{before}le=\"{bound}\"", total.ToString(CultureInfo.InvariantCulture));
        }
        Line(text, "_sum", labels, Number(series.Value));
        Line(text, "_count", labels, total.ToString(CultureInfo.InvariantCulture));
    }
}
