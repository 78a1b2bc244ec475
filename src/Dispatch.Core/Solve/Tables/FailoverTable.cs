using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>Makes a routing table's failovers from the failures that were tried on its plan. Pure: the same report gives the same bytes.</summary>
public static class FailoverTable
{
    /// <summary>The content with the failovers of a report.</summary>
    /// <param name="content">Made from the report's main plan.</param>
    /// <param name="report">The failures.</param>
    /// <exception cref="ArgumentException">The report is one of the reference objective, or the content was made from another plan.</exception>
    public static TableContent AddTo(TableContent content, FailureReport report)
    {
        if (report.Main.Model is not FullCost model)
            throw new ArgumentException("Failovers are made from the full objective; the reference objective knows no services.", nameof(report));
        if (content.WorldVersion != report.Main.Snapshot.World.Version || content.UtcHour != report.Main.Snapshot.UtcHour)
            throw new ArgumentException("The table was made from another snapshot than the failures.", nameof(content));
        return content with { Failovers = new Builder(content, model).Build(report) };
    }

    /// <summary>Names every row of a content's failovers that breaks a world's law, or gives a share to an edge that may not serve.</summary>
    /// <remarks>The same rules as at the load of a table, asked of the world itself instead of the law that the table carries.</remarks>
    public static IEnumerable<string> Violations(World world, TableContent content)
    {
        FailoverRows rows = content.Failovers;
        for (int f = 0; f < rows.Count; f++)
        {
            for (int row = rows.RowStart[f]; row < rows.RowStart[f + 1]; row++)
            {
                ClientRegion region = world.Regions[rows.Entry[row] % (world.Regions.Length + 1)];
                for (int i = rows.Start[row]; i < rows.Start[row + 1]; i++)
                {
                    Edge edge = world.Edges[rows.Edge[i]];
                    if (!world.Law.Allows(region, edge)) yield return $"Failover {rows.Name[f]}: region {region.Id} may not be served by edge {edge.Id} ({edge.Jurisdiction}).";
                    if (!world.Health.Of(edge).CanServe) yield return $"Failover {rows.Name[f]}: edge {edge.Id} is down or drained, yet it has a share.";
                }
            }
        }
    }

    private sealed class Builder(TableContent content, FullCost model)
    {
        private readonly int _width = model.Profiles.Profiles.Length, _regions = content.Regions.Length;
        private readonly List<string> _name = [];
        private readonly List<int> _failedStart = [0], _rowStart = [0], _entry = [], _start = [0];
        private readonly List<ushort> _failed = [], _edge = [], _weight = [], _overflow = [];

        public FailoverRows Build(FailureReport report)
        {
            foreach (FailureOutcome outcome in report.Outcomes) Add(outcome);
            return new([.. _name], [.. _failedStart], [.. _failed], [.. _rowStart], [.. _entry], [.. _start], [.. _edge], [.. _weight], [.. _overflow], Law());
        }

        private void Add(FailureOutcome outcome)
        {
            _name.Add(outcome.Scenario.Name);
            _failed.AddRange(outcome.Scenario.Edges.Select(static e => (ushort)e));
            _failedStart.Add(_failed.Count);
            IEnumerable<(int Entry, int At)> rows = Enumerable.Range(0, outcome.Diff.Groups.Length).Select(i => (EntryOf(outcome.Diff.Groups[i]), i)).Order();
            foreach ((int entry, int at) in rows) AddRow(entry, outcome.Diff, at);
            _rowStart.Add(_entry.Count);
        }

        private int EntryOf(int group) => group % _width * (_regions + 1) + group / _width;

        private void AddRow(int entry, PlanDiff diff, int at)
        {
            (int Edge, long Volume)[] chosen = [.. diff.Edges(at).ToArray().Zip(diff.Volumes(at).ToArray())];
            chosen = [.. chosen.OrderByDescending(static c => c.Volume).ThenBy(static c => c.Edge)];
            ushort[] weights = new ushort[chosen.Length];
            Shares.Quantise([.. chosen.Select(static c => c.Volume)], diff.Unserved(at), weights, out ushort overflow);
            int kept = Array.FindLastIndex(weights, static w => w > 0) + 1;
            if (IsMain(entry, chosen.AsSpan(0, kept), weights, overflow)) return;
            _entry.Add(entry);
            for (int i = 0; i < kept; i++)
            {
                _edge.Add((ushort)chosen[i].Edge);
                _weight.Add(weights[i]);
            }
            _start.Add(_edge.Count);
            _overflow.Add(overflow);
        }

        // Volumes may change by less than a share can tell.
        private bool IsMain(int entry, ReadOnlySpan<(int Edge, long Volume)> chosen, ushort[] weights, ushort overflow)
        {
            EntryRows main = content.Entries;
            int start = main.Start[entry], length = main.Start[entry + 1] - start;
            if (overflow != main.Overflow[entry] || chosen.Length > length || (chosen.Length < length && main.Weight[start + chosen.Length] > 0)) return false;
            for (int i = 0; i < chosen.Length; i++)
                if (main.Edge[start + i] != chosen[i].Edge || main.Weight[start + i] != weights[i]) return false;
            return true;
        }

        private ImmutableArray<RegionLaw> Law()
        {
            World world = model.Snapshot.World;
            ImmutableArray<RegionLaw>.Builder law = ImmutableArray.CreateBuilder<RegionLaw>();
            for (int r = 0; r < _regions; r++)
            {
                if (world.Edges.All(e => world.Law.Allows(world.Regions[r], e))) continue;
                IEnumerable<string> allowed = world.Edges.Where(e => world.Law.Allows(world.Regions[r], e)).Select(static e => e.Jurisdiction);
                law.Add(new(r, [.. allowed.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]));
            }
            return law.DrainToImmutable();
        }
    }
}
