using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Loops;

/// <summary>Keeps caps that cut across the capacity tree, by Lagrange multipliers on their edges.</summary>
/// <remarks>
/// Caps are priced one after the other, each given the others' prices, until none is broken (at most <see cref="MostRounds"/> rounds). A
/// multiplier alone jumps from too much to too little where whole groups change sides at one price; so a last solve without multipliers bounds each
/// edge of a cap by a mixture of the two sides that fills the cap exactly. What that leaves between its objective and the best Lagrangian bound is
/// the reported gap.
/// </remarks>
internal sealed class CrossingCaps(Snapshot snapshot, SolveOptions options, Func<SolveOptions, SolveResult> solve)
{
    private const int MostRounds = 4;
    private const long FirstMultiplier = 64;

    private readonly int[][] _edges =
        [.. options.CrossingCaps.Select(c => c.Edges.Select(snapshot.World.EdgeOrdinal).Where(static e => e >= 0).Distinct().Order().ToArray())];
    private readonly long[] _cap = [.. options.CrossingCaps.Select(static c => c.Cap.ToMbps().Value)];
    private readonly long[] _multiplier = new long[options.CrossingCaps.Length];
    private readonly (PricedSolve? Breaks, PricedSolve? Keeps)[] _sides = new (PricedSolve?, PricedSolve?)[options.CrossingCaps.Length];
    private SolveResult? _failed;
    private Int128? _bound;
    private int _solves;

    /// <summary>Solves under all caps.</summary>
    public SolveResult Solve()
    {
        SolveResult plain = Priced();
        if (plain.Assignment is not { } free) return plain;
        _bound = free.Trace.Objective;
        long greatest = checked(2 * Enumerable.Range(0, free.Model.Groups.Count).Max(free.Model.UnservedCost));
        bool broken = Loads(free).Where((load, c) => load > _cap[c]).Any();
        int rounds = _cap.Length == 1 ? 1 : MostRounds; // one cap is priced once and for all
        for (int round = 0; round < rounds && broken; round++)
        {
            broken = false;
            for (int c = 0; c < _cap.Length; c++)
            {
                if (!Price(c, greatest, ref broken)) return _failed!;
            }
        }
        return Bounded();
    }

    // Bounding one cap's edges can push traffic to another's: each cap that the last solve breaks is bounded in turn, once.
    private SolveResult Bounded()
    {
        long[] bound = new long[snapshot.World.Edges.Length];
        Array.Fill(bound, long.MaxValue);
        for (int c = 0; c < _cap.Length; c++)
            if (_sides[c].Breaks is { } breaks) Mix(_edges[c], breaks.Assignment.Optimum.EdgeLoads(), Under(c), _cap[c], bound);
        while (true)
        {
            SolveResult bounded = solve(options with { CrossingCaps = [], EdgeBounds = [.. bound] });
            _solves++;
            if (bounded.Assignment is not { } kept) return bounded;
            long[] loads = Loads(kept);
            int broken = Enumerable.Range(0, loads.Length).FirstOrDefault(c => loads[c] > _cap[c], -1);
            if (broken < 0) return bounded with { Assignment = kept.With(Report(kept)) };
            Mix(_edges[broken], kept.Optimum.EdgeLoads(), Under(broken), _cap[broken], bound);
        }
    }

    private long[] Under(int cap) => _sides[cap].Keeps?.Assignment.Optimum.EdgeLoads() ?? new long[snapshot.World.Edges.Length];

    private bool Price(int cap, long greatest, ref bool broken)
    {
        long before = _multiplier[cap];
        if (MultiplierSearch.Find(m => At(cap, m), _cap[cap], FirstMultiplier, greatest) is not { } sides) return false;
        _sides[cap] = sides;
        _multiplier[cap] = (sides.Keeps ?? sides.Breaks!).Multiplier;
        broken |= _multiplier[cap] != before;
        return true;
    }

    private PricedSolve? At(int cap, long multiplier)
    {
        _multiplier[cap] = multiplier;
        SolveResult result = Priced();
        if (result.Assignment is not { } assignment)
        {
            _failed = result;
            return null;
        }
        // The bound of one cap is the whole Lagrangian's only with what the other caps' prices add taken off.
        Int128 others = 0;
        for (int c = 0; c < _cap.Length; c++) others += (Int128)_multiplier[c] * _cap[c];
        Int128 lagrangian = assignment.Trace.Objective - others;
        _bound = _bound is { } best ? Int128.Max(best, lagrangian) : lagrangian;
        return new(multiplier, assignment, Loads(assignment)[cap]);
    }

    private SolveResult Priced()
    {
        _solves++;
        long[] surcharge = new long[snapshot.World.Edges.Length];
        for (int c = 0; c < _cap.Length; c++)
            foreach (int e in _edges[c]) surcharge[e] += _multiplier[c];
        return solve(options with { CrossingCaps = [], EdgeSurcharges = [.. surcharge] });
    }

    private long[] Loads(Assignment assignment)
    {
        long[] loads = assignment.Optimum.EdgeLoads();
        return [.. _edges.Select(edges => edges.Sum(e => loads[e]))];
    }

    // Narrows what each edge of a cap may carry, so that all of them together carry at most the cap.
    private static void Mix(int[] edges, long[] over, long[] under, long cap, long[] bound)
    {
        Int128 most = edges.Sum(e => over[e]), least = Math.Min(cap, edges.Sum(e => under[e]));
        long left = cap;
        foreach (int e in edges)
        {
            long mixed = (long)(under[e] + (over[e] - under[e]) * (cap - least) / (most - least));
            bound[e] = Math.Min(bound[e], Math.Max(0, Math.Min(mixed, left)));
            left -= Math.Min(mixed, left);
        }
        foreach (int e in edges)
        {
            long more = Math.Min(left, Math.Max(0, Math.Max(over[e], under[e]) - bound[e]));
            (bound[e], left) = (bound[e] + more, left - more);
        }
    }

    private LoopReport Report(Assignment kept)
    {
        long[] loads = Loads(kept);
        Int128 bound = Int128.Min(_bound!.Value, kept.Trace.Objective);
        return new(_solves, bound, kept.Trace.Objective - bound,
            [.. options.CrossingCaps.Select((c, i) => new CapPrice(c.Name, _cap[i], loads[i], _multiplier[i]))]);
    }
}
