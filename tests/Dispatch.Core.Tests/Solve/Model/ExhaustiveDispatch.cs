using TrafficDispatch.Model;
using TrafficDispatch.Solve;

namespace TrafficDispatch.Core.Tests.Solve.Model;

/// <summary>Tries every split of every group over every edge in whole steps: independent of any flow algorithm.</summary>
/// <remarks>Groups in turn; what is left to choose depends on the loads so far alone, so equal loads are tried once.</remarks>
internal sealed class ExhaustiveDispatch
{
    private readonly PlainObjective _plain;
    private readonly long _step;
    private readonly long[] _loads;
    private readonly long[] _caps;
    private readonly Dictionary<(int Group, UInt128 Used), Score> _seen = [];

    private ExhaustiveDispatch(PlainObjective plain, long step)
    {
        (_plain, _step) = (plain, step);
        _loads = new long[plain.Edges];
        _caps = new long[plain.World.Facts.Peering.Length];
    }

    /// <summary>The best score there is in whole steps.</summary>
    public static Score Best(PlainObjective plain, long step) => new ExhaustiveDispatch(plain, step).From(0);

    /// <summary>The score of a plan.</summary>
    public static Score Of(PlainObjective plain, TrafficPlan plan)
    {
        Score score = plain.OfLoads(LoadsOf(plain, plan));
        for (int g = 0; g < plain.Groups; g++) score += plain.OfGroup(g, Row(plain, plan, g));
        return score;
    }

    /// <summary>The hard rules that a plan breaks, in words; empty where it keeps them all.</summary>
    public static IEnumerable<string> Faults(PlainObjective plain, TrafficPlan plan)
    {
        long[] loads = LoadsOf(plain, plan);
        for (int e = 0; e < plain.Edges; e++)
            if (loads[e] > plain.Capacity(e)) yield return $"edge {e} carries {loads[e]}";
        if (!plain.KeepsCeilings(loads)) yield return "a ceiling is passed";
        foreach (PeeringCap cap in plain.World.Facts.Peering)
        {
            long used = 0;
            for (int g = 0; g < plain.Groups; g++) if (cap.Regions.Contains(plain.RegionOf(g))) used += plan.Volume(g, cap.Edge);
            if (used > cap.Capacity.ToMbps().Value) yield return $"cap {cap.Network} of edge {cap.Edge} carries {used}";
        }
        for (int g = 0; g < plain.Groups; g++)
        {
            long[] row = Row(plain, plan, g);
            if (row.Sum() + plan.Unserved(g) != plain.Demand(g)) yield return $"group {g} is not conserved";
            for (int e = 0; e < row.Length; e++) if (row[e] < 0 || row[e] > 0 && !plain.MayServe(g, e)) yield return $"edge {e} may not serve group {g}";
        }
    }

    private static long[] Row(PlainObjective plain, TrafficPlan plan, int group) =>
        [.. Enumerable.Range(0, plain.Edges).Select(e => plan.Volume(group, e))];

    private static long[] LoadsOf(PlainObjective plain, TrafficPlan plan) =>
        [.. Enumerable.Range(0, plain.Edges).Select(e => Enumerable.Range(0, plain.Groups).Sum(g => plan.Volume(g, e)))];

    private Score From(int group)
    {
        if (!_plain.KeepsCeilings(_loads)) return Score.Worst;
        if (_seen.TryGetValue((group, Used()), out Score known)) return known;
        UInt128 key = Used();
        Score best = group == _plain.Groups ? _plain.OfLoads(_loads) : Split(group, 0, _plain.Demand(group), new long[_plain.Edges]);
        _seen[(group, key)] = best;
        return best;
    }

    private Score Split(int group, int edge, long left, long[] row)
    {
        if (edge == _plain.Edges)
        {
            Score rest = From(group + 1);
            return rest == Score.Worst ? rest : _plain.OfGroup(group, row) + rest;
        }
        int cap = CapOf(group, edge);
        long room = Math.Min(left, _plain.Capacity(edge) - _loads[edge]);
        if (cap >= 0) room = Math.Min(room, _plain.World.Facts.Peering[cap].Capacity.ToMbps().Value - _caps[cap]);
        if (!_plain.MayServe(group, edge)) room = 0;
        Score best = Score.Worst;
        for (long take = 0; take <= room; take += _step)
        {
            row[edge] = take;
            _loads[edge] += take;
            if (cap >= 0) _caps[cap] += take;
            Score score = Split(group, edge + 1, left - take, row);
            if (score.Against(best) < 0) best = score;
            _loads[edge] -= take;
            if (cap >= 0) _caps[cap] -= take;
        }
        row[edge] = 0;
        return best;
    }

    private int CapOf(int group, int edge)
    {
        for (int p = 0; p < _caps.Length; p++)
            if (_plain.World.Facts.Peering[p].Edge == edge && _plain.World.Facts.Peering[p].Regions.Contains(_plain.RegionOf(group))) return p;
        return -1;
    }

    private UInt128 Used()
    {
        UInt128 key = 0;
        foreach (long load in _loads) key = (key << 8) | (UInt128)(load / _step);
        foreach (long cap in _caps) key = (key << 8) | (UInt128)(cap / _step);
        return key;
    }
}
