using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Guarding;

/// <summary>
/// Judges what a solve reads: whether it can be true at all, and whether it follows from the last input that was accepted. Pure: the same
/// inputs give the same findings in the same order. Thread-safe.
/// </summary>
public static class InputGuard
{
    /// <summary>Shorter round trips than this are no measurements, milliseconds.</summary>
    public const double LeastRttMs = 0.01;

    /// <summary>Longer round trips than this are no measurements, milliseconds: half the globe by two satellites takes less.</summary>
    public const double MostRttMs = 5000;

    private const double AbsurdFactor = 10;

    /// <summary>The rules that need nothing to compare with. O(regions × edges).</summary>
    public static IReadOnlyList<GuardFinding> Absolute(Snapshot now, GuardLimits limits)
    {
        List<GuardFinding> found = [];
        World world = now.World;
        (long invalid, long outside, long all) = CountRtts(world);
        if (invalid > 0)
        {
            found.Add(new("rtt_invalid", invalid, 0, Text($"{invalid} round trips are negative or no number; none may be."),
                "Stop the feed that writes them and restore the last measurements."));
        }
        if (limits.RttRangePercent is { } most && Percent(outside, all) is var share && share > most)
        {
            found.Add(new("rtt_range", share, most,
                Text($"{share:0.#} % of the round trips are below {LeastRttMs} ms or above {MostRttMs} ms; at most {most} % may be."),
                "Look at the unit and the source of the round trips; Guard:RttRangePercent is the limit."));
        }
        if (Demand(now) > 0 && Capacity(world) <= 0)
        {
            found.Add(new("capacity_zero", 0, 0, "No edge has any capacity, yet there is demand.", "Look at capacity_gbps of the edges and at what writes it."));
        }
        return found;
    }

    /// <summary>The rules that compare with the last accepted input, at the hour of the new one. O(regions × edges).</summary>
    /// <param name="before">The last accepted input.</param>
    /// <param name="now">What is about to be published from.</param>
    /// <param name="limits">The limits.</param>
    public static IReadOnlyList<GuardFinding> Against(Snapshot before, Snapshot now, GuardLimits limits)
    {
        // The hours of a day differ more than a broken feed may: both are asked for the same one.
        Snapshot then = before with { UtcHour = now.UtcHour };
        List<GuardFinding> found = [];
        if (ReferenceEquals(before.World, now.World) && before.DemandScale == now.DemandScale) return found;
        AddChange(found, "demand", "demand", Demand(then), Demand(now), limits.DemandFallPercent, limits.DemandRisePercent, "Guard:Demand");
        AddChange(found, "capacity", "stated capacity", Capacity(then.World), Capacity(now.World), limits.CapacityFallPercent, limits.CapacityRisePercent, "Guard:Capacity");
        AddVanished(found, before.World, now.World, limits.VanishedPercent);
        AddRttChange(found, before.World, now.World, limits.RttChangedPercent);
        return found;
    }

    /// <summary>What of the ids that were known before is gone.</summary>
    /// <param name="what">Plural of what the ids name: <c>regions</c>, <c>edges</c> or <c>links</c>; the rule is called <c>…_vanished</c>.</param>
    /// <param name="before">The ids that were known.</param>
    /// <param name="isKnown">Whether an id is still known.</param>
    /// <param name="mostPercent">The limit; null for none.</param>
    /// <returns>Null where the limit holds.</returns>
    public static GuardFinding? Vanished(string what, IReadOnlyCollection<string> before, Func<string, bool> isKnown, int? mostPercent)
    {
        int gone = before.Count(id => !isKnown(id));
        double share = Percent(gone, before.Count);
        if (mostPercent is not { } most || gone <= 1 || share <= most) return null;
        return new($"{what}_vanished", share, most, Text($"{gone} of {before.Count} {what} are gone ({share:0.#} %); at most {most} % may go at once."),
            "Restore the missing rows, or take them out in steps; Guard:VanishedPercent is the limit.");
    }

    /// <summary>The share of groups whose measurements are fresh is too small.</summary>
    /// <param name="fresh">Groups with fresh measurements, at least 0.</param>
    /// <param name="groups">Groups that are measured at all.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>Null where the limit holds or nothing is measured.</returns>
    public static GuardFinding? Coverage(int fresh, int groups, GuardLimits limits)
    {
        double share = Percent(fresh, groups);
        if (limits.LeastCoveragePercent is not { } least || groups <= 0 || share >= least) return null;
        return new("coverage", share, least, Text($"Only {fresh} of {groups} measured groups have fresh measurements ({share:0.#} %); at least {least} % must."),
            "Look at the lag and the drops of telemetry; Guard:LeastCoveragePercent is the limit.");
    }

    /// <summary>Total demand of a snapshot, Gbit/s.</summary>
    public static double Demand(Snapshot snapshot)
    {
        double sum = 0;
        for (int r = 0; r < snapshot.World.Regions.Length; r++) sum += snapshot.Demand(r).Value;
        return sum;
    }

    /// <summary>Total stated capacity of the edges whatever their health, Gbit/s.</summary>
    public static double Capacity(World world) => world.Edges.Sum(static e => e.Capacity.Value);

    private static (long Invalid, long Outside, long All) CountRtts(World world)
    {
        long invalid = 0, outside = 0;
        for (int r = 0; r < world.Regions.Length; r++)
        {
            foreach (double ms in world.Rtt.Row(r))
            {
                if (!double.IsFinite(ms) || ms < 0) invalid++;
                else if (ms is < LeastRttMs or > MostRttMs) outside++;
            }
        }
        return (invalid, outside, (long)world.Regions.Length * world.Edges.Length);
    }

    private static void AddChange(List<GuardFinding> found, string rule, string what, double before, double now, int? fall, int? rise, string key)
    {
        if (before <= 0) return;
        double change = 100 * (now - before) / before;
        if (fall is { } mostFall && -change > mostFall)
        {
            found.Add(new($"{rule}_fall", -change, mostFall, Text($"Total {what} fell by {-change:0.#} %, from {before:0.###} to {now:0.###} Gbit/s; at most {mostFall} % is accepted."),
                $"Restore the missing figures, or force one table if it is true; {key}FallPercent is the limit."));
        }
        if (rise is { } mostRise && change > mostRise)
        {
            found.Add(new($"{rule}_rise", change, mostRise, Text($"Total {what} rose by {change:0.#} %, from {before:0.###} to {now:0.###} Gbit/s; at most {mostRise} % is accepted."),
                $"Look at the unit of the figures, or force one table if it is true; {key}RisePercent is the limit."));
        }
    }

    private static void AddVanished(List<GuardFinding> found, World before, World now, int? most)
    {
        HashSet<string> links = [.. Links(now)];
        GuardFinding?[] all =
        [
            Vanished("regions", [.. before.Regions.Select(static r => r.Id)], id => now.RegionOrdinal(id) >= 0, most),
            Vanished("edges", [.. before.Edges.Select(static e => e.Id)], id => now.EdgeOrdinal(id) >= 0, most),
            Vanished("links", [.. Links(before)], links.Contains, most),
        ];
        found.AddRange(all.OfType<GuardFinding>());
    }

    private static IEnumerable<string> Links(World world) =>
    [
        .. world.Facts.EdgeRelayLinks.Select(l => $"{world.Edges[l.From].Id}>{world.Relays[l.To].Id}"),
        .. world.Facts.RelayRelayLinks.Select(l => $"{world.Relays[l.From].Id}>{world.Relays[l.To].Id}"),
        .. world.Facts.RelayOriginLinks.Select(l => $"{world.Relays[l.From].Id}>{world.Origins[l.To].Id}"),
    ];

    private static void AddRttChange(List<GuardFinding> found, World before, World now, int? mostPercent)
    {
        if (mostPercent is not { } most || ReferenceEquals(before.Rtt, now.Rtt)) return;
        int[] edge = [.. before.Edges.Select(e => now.EdgeOrdinal(e.Id))];
        long known = 0, absurd = 0;
        for (int r = 0; r < before.Regions.Length; r++)
        {
            if (now.RegionOrdinal(before.Regions[r].Id) is not (>= 0 and int region)) continue;
            ReadOnlySpan<double> old = before.Rtt.Row(r), row = now.Rtt.Row(region);
            for (int e = 0; e < edge.Length; e++)
            {
                if (edge[e] < 0) continue;
                known++;
                // Below a millisecond a factor says little: the last mile alone varies by that.
                (double from, double to) = (Math.Max(1, old[e]), Math.Max(1, row[edge[e]]));
                if (to > from * AbsurdFactor || from > to * AbsurdFactor) absurd++;
            }
        }
        double share = Percent(absurd, known);
        if (share <= most) return;
        found.Add(new("rtt_change", share, most, Text($"{share:0.#} % of the round trips became ten times as long or short; at most {most} % may at once."),
            "Look at the source and the unit of the round trips; Guard:RttChangedPercent is the limit."));
    }

    internal static double Percent(double part, double whole) => whole > 0 ? 100 * part / whole : 0;

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
