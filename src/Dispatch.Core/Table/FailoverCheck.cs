using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>Says what is wrong with a content's failovers; its entries are sound. O(failovers).</summary>
internal static class FailoverCheck
{
    /// <summary>True where every array is there.</summary>
    public static bool IsPresent(FailoverRows? rows) => rows is not null
        && !(rows.Name.IsDefault || rows.FailedStart.IsDefault || rows.Failed.IsDefault || rows.RowStart.IsDefault || rows.Entry.IsDefault
            || rows.Start.IsDefault || rows.Edge.IsDefault || rows.Weight.IsDefault || rows.Overflow.IsDefault || rows.Law.IsDefault
            || rows.Law.Any(static l => l.Jurisdictions.IsDefault));

    /// <summary>The faults, lazily.</summary>
    public static IEnumerable<string> Faults(TableContent content) => Shape(content.Failovers) is { Length: > 0 } fault
        ? [fault]
        : Law(content).Concat(Enumerable.Range(0, content.Failovers.Count).SelectMany(f => OfFailover(content, f))).Concat(Twins(content.Failovers));

    private static string Shape(FailoverRows rows)
    {
        bool fits = Rises(rows.FailedStart, rows.Count, rows.Failed.Length) && Rises(rows.RowStart, rows.Count, rows.Entry.Length)
            && Rises(rows.Start, rows.Entry.Length, rows.Edge.Length) && rows.Weight.Length == rows.Edge.Length && rows.Overflow.Length == rows.Entry.Length;
        return fits ? rows.Name.Any(string.IsNullOrEmpty) ? "A failover must have a name." : "" : "Failovers: starts do not fit their rows.";
    }

    private static bool Rises(ImmutableArray<int> start, int rows, int items)
    {
        if (start.Length != rows + 1 || start[0] != 0 || start[^1] != items) return false;
        for (int i = 1; i < start.Length; i++) if (start[i] < start[i - 1]) return false;
        return true;
    }

    private static IEnumerable<string> Law(TableContent content)
    {
        int last = -1;
        foreach (RegionLaw law in content.Failovers.Law)
        {
            if (law.Region <= last || law.Region >= content.Regions.Length) yield return Text($"Failovers: the law's regions must rise; {law.Region} does not.");
            last = law.Region;
        }
    }

    private static IEnumerable<string> OfFailover(TableContent content, int f)
    {
        FailoverRows rows = content.Failovers;
        if (rows.FailedStart[f] == rows.FailedStart[f + 1]) yield return Text($"Failover {rows.Name[f]} has no edge.");
        for (int i = rows.FailedStart[f]; i < rows.FailedStart[f + 1]; i++)
        {
            if (rows.Failed[i] >= content.EdgeCount) yield return Text($"Failover {rows.Name[f]}: edge {rows.Failed[i]} is not among {content.EdgeCount}.");
            else if (content.Edges[rows.Failed[i]].State != HealthState.Up) yield return Text($"Failover {rows.Name[f]}: edge {content.Edges[rows.Failed[i]].Id} is down without it.");
            if (i > rows.FailedStart[f] && rows.Failed[i] <= rows.Failed[i - 1]) yield return Text($"Failover {rows.Name[f]}: edges must rise.");
        }
        for (int row = rows.RowStart[f]; row < rows.RowStart[f + 1]; row++)
        {
            if (row > rows.RowStart[f] && rows.Entry[row] <= rows.Entry[row - 1]) yield return Text($"Failover {rows.Name[f]}: entries must rise.");
            if (OfRow(content, f, row) is { Length: > 0 } fault) yield return Text($"Failover {rows.Name[f]}, entry {rows.Entry[row]}: {fault}");
        }
    }

    private static string OfRow(TableContent content, int f, int row)
    {
        FailoverRows rows = content.Failovers;
        if (rows.Entry[row] < 0 || rows.Entry[row] >= content.Entries.Overflow.Length) return "there is no such entry.";
        int region = rows.Entry[row] % (content.Regions.Length + 1), sum = rows.Overflow[row];
        if (region == content.Regions.Length) return "a default route has no rows.";
        RegionLaw? law = LawOf(rows.Law, region);
        ReadOnlySpan<ushort> failed = rows.Failed.AsSpan(rows.FailedStart[f], rows.FailedStart[f + 1] - rows.FailedStart[f]);
        ReadOnlySpan<ushort> edges = rows.Edge.AsSpan(rows.Start[row], rows.Start[row + 1] - rows.Start[row]);
        for (int i = 0; i < edges.Length; i++)
        {
            ushort weight = rows.Weight[rows.Start[row] + i];
            if (edges[i] >= content.EdgeCount) return Text($"edge {edges[i]} is not among {content.EdgeCount}.");
            TableEdge edge = content.Edges[edges[i]];
            if (edges[..i].Contains(edges[i])) return Text($"edge {edge.Id} occurs twice.");
            if (weight == 0) return Text($"edge {edge.Id} has no share.");
            if (edge.State != HealthState.Up || failed.Contains(edges[i])) return Text($"edge {edge.Id} is down.");
            if (law is not null && !law.Jurisdictions.Contains(edge.Jurisdiction))
                return Text($"the law keeps region {content.Regions[region].Id} from edge {edge.Id} ({edge.Jurisdiction}).");
            sum += weight;
        }
        return sum == Shares.Whole ? "" : Text($"weights and overflow sum to {sum}, not {Shares.Whole}.");
    }

    private static RegionLaw? LawOf(ImmutableArray<RegionLaw> laws, int region)
    {
        int low = 0, high = laws.Length;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (laws[middle].Region < region) low = middle + 1;
            else high = middle;
        }
        return low < laws.Length && laws[low].Region == region ? laws[low] : null;
    }

    private static IEnumerable<string> Twins(FailoverRows rows)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int f = 0; f < rows.Count; f++)
        {
            string edges = string.Join(',', rows.Failed[rows.FailedStart[f]..rows.FailedStart[f + 1]]);
            if (!seen.Add(edges)) yield return Text($"Failover {rows.Name[f]} has the edges of another.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
