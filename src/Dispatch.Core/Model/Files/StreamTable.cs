using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads <c>streams.csv</c>: <c>stream,origin_id,bitrate_mbps</c> and, if wanted, <c>variants_mbps,expires_utc</c>.</summary>
internal static class StreamTable
{
    public const string File = "streams.csv";
    private const int MostVariants = 100;

    // Bit rates are published rounded: variants need only add up to a thousandth.
    private const double SumTolerance = 1e-3;

    public static ImmutableArray<LiveStream> Read(WorldDraft draft)
    {
        if (TableReader.Open(draft.Files, File, required: false) is not { } t) return [];
        Column key = t.Required("stream"), origin = t.Required("origin_id"), bitrate = t.Required("bitrate_mbps");
        Column variants = t.Optional("variants_mbps"), expires = t.Optional("expires_utc");
        if (!t.Begin()) return [];
        IdIndex keys = new("stream", t.Name);
        ImmutableArray<LiveStream>.Builder rows = ImmutableArray.CreateBuilder<LiveStream>();
        while (t.Next())
        {
            draft.Origins.Find(t, origin);
            string id = keys.Add(t, key);
            double total = t.Number(bitrate, NumberRule.PositiveRate);
            rows.Add(new(id, t.Text(origin).ToString(), total) { VariantMbps = Variants(t, variants, total), Expires = t.Moment(expires) });
        }
        return rows.ToImmutable();
    }

    /// <summary>A broken total (0) has its own fault; the sum is not compared with it.</summary>
    private static ImmutableArray<double> Variants(TableReader t, Column column, double total)
    {
        string[] parts = t.Parts(column, MostVariants);
        if (parts.Length == 0) return [];
        double[] rates = new double[parts.Length];
        bool sound = true;
        for (int i = 0; i < parts.Length; i++) sound &= t.TryNumber(column, parts[i], parts[i], NumberRule.PositiveRate, out rates[i]);
        double sum = rates.Sum();
        if (sound && total > 0 && Math.Abs(sum - total) > SumTolerance * total)
            t.Fault(column, string.Create(CultureInfo.InvariantCulture, $"must sum to bitrate_mbps, {total:0.######}; sums to {sum:0.######}"));
        return [.. rates];
    }
}
