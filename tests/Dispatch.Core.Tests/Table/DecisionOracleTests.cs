using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Table;

/// <summary>Any entry, any state of the edges, any policies: the table answers as the rules say when read out slowly.</summary>
public sealed class DecisionOracleTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithReplay(20260303UL, 5UL).WithMaxTest(3000);

    [Fact]
    public void Decide_AnyCase_FollowsTheRules() =>
        Check.One(Runs, Prop.ForAll(Case.Any, c =>
        {
            RoutingTable table = c.Table();
            EdgeShare[] ranked = new EdgeShare[c.Wanted];
            Decision decision = table.Decide(c.Request(), ranked);
            (DecisionReason reason, int[] edges) = Expected(c, table);
            return decision.Reason == reason && edges.Take(c.Wanted).SequenceEqual(ranked[..decision.Count].Select(static r => (int)r.Edge));
        }));

    private static (DecisionReason, int[]) Expected(Case c, RoutingTable table)
    {
        if (c.Volumes.Length == 0) return (DecisionReason.NoEdge, []);
        ushort overflow = table.Entry(0, 0).Overflow;
        int[] listed = [.. Enumerable.Range(0, c.Volumes.Length)];
        ushort[] weights = table.Entry(0, 0).Weights.ToArray();
        ulong key = StableChoice.Key(Encoding.UTF8.GetBytes(c.Key));
        List<int> races = [.. listed.Where(e => weights[e] > 0)];
        races.Sort((a, b) => Compare(Time(a), Time(b)));
        int[] order = [.. races, .. listed.Where(e => weights[e] == 0)];

        (BigInteger, BigInteger) unserved = (StableChoice.Distance(key, StableChoice.OverflowSeed), overflow);
        bool overflows = overflow > 0 && races.TrueForAll(e => Compare(unserved, Time(e)) < 0);
        if (overflows && c.OverCapacity == OverCapacityPolicy.Shed) return (DecisionReason.Shed, []);
        int[] usable = [.. (overflows ? listed : order).Where(e => !c.IsDrained(e) && !c.IsExcluded(e) && !c.IsDown(e))];
        if (usable.Length > 0)
        {
            DecisionReason reason = overflows ? DecisionReason.OverCapacity
                : weights[usable[0]] > 0 ? DecisionReason.Assigned : DecisionReason.Backup;
            return (reason, usable);
        }
        int[] last = [.. order.Where(e => !c.IsDrained(e) && !c.IsExcluded(e))];
        return c.AllDown switch
        {
            AllDownPolicy.Fallback => (DecisionReason.Fallback, []),
            AllDownPolicy.LastGood when last.Length > 0 => (DecisionReason.LastGood, last),
            _ => (DecisionReason.NoEdge, []),
        };

        (BigInteger, BigInteger) Time(int edge) => (StableChoice.Distance(key, StableChoice.Seed($"edge-{edge}")), weights[edge]);
    }

    /// <summary>Compares when two candidates' clocks ring, in exact fractions.</summary>
    private static int Compare((BigInteger Distance, BigInteger Weight) a, (BigInteger Distance, BigInteger Weight) b) =>
        (a.Distance * b.Weight).CompareTo(b.Distance * a.Weight);

    /// <summary>One entry with all its edges: volumes (0 for a backup) and, by edge, what is wrong with it.</summary>
    private sealed record Case(
        long[] Volumes, long Overflow, int[] Trouble, string Key, int Wanted, OverCapacityPolicy OverCapacity, AllDownPolicy AllDown)
    {
        public static readonly Arbitrary<Case> Any = Arb.From(
            from chosen in Gen.Choose(0, 6)
            from backups in Gen.Choose(0, 4)
            from volumes in Gen.ArrayOf(Gen.Choose(1, 1000), chosen)
            from overflow in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 1500)))
            from bad in Gen.Choose(0, 4)
            from trouble in Gen.ArrayOf(Gen.Choose(0, 3 + bad * 3), chosen + backups)
            from key in Gen.Choose(0, 100_000)
            from wanted in Gen.Choose(1, 12)
            from policies in Gen.Choose(0, 5)
            select new Case([.. volumes.Select(static v => (long)v), .. new long[backups]], chosen + backups == 0 ? 0 : chosen == 0 ? 1 : overflow, trouble,
                $"user-{key}", wanted, (OverCapacityPolicy)(policies % 2), (AllDownPolicy)(policies / 2)), Shrink);

        public bool IsDrained(int edge) => Trouble[edge] % 8 == 4;

        public bool IsExcluded(int edge) => Trouble[edge] % 8 == 5;

        /// <summary>Down: 6 by the request's mask, 7 since the table was made.</summary>
        public bool IsDown(int edge) => Trouble[edge] % 8 >= 6;

        private HealthState StateOf(int edge) =>
            IsDrained(edge) ? HealthState.Drained : Trouble[edge] % 8 == 7 ? HealthState.Down : HealthState.Up;

        public RoutingTable Table()
        {
            ushort[] weights = new ushort[Volumes.Length];
            Shares.Quantise(Volumes, Overflow, weights, out ushort overflow);
            TableSketch sketch = new();
            sketch.Edges.Clear();
            for (int e = 0; e < Math.Max(4, Volumes.Length); e++)
                sketch.Edges.Add(new($"edge-{e}", "own", "", "EU", "", e < Volumes.Length ? StateOf(e) : HealthState.Up));
            for (int s = 0; s < 3; s++) sketch.Services[s] = sketch.Services[s] with { OverCapacity = OverCapacity, AllDown = AllDown, FallbackHost = "f.example" };
            sketch.Entries[0] = (overflow, [.. weights.Select(static (w, e) => ((ushort)e, w))]);
            sketch.Paths.Clear();
            return sketch.Build();
        }

        public DecisionRequest Request()
        {
            ulong down = 0;
            for (int e = 0; e < Volumes.Length; e++) down |= Trouble[e] % 8 == 6 ? 1UL << e : 0;
            return DecisionRequest.ForRegion(0, 0) with
            {
                SessionKey = Encoding.UTF8.GetBytes(Key),
                Down = new[] { down },
                Excluded = Enumerable.Range(0, Volumes.Length).Where(IsExcluded).Select(static e => (ushort)e).ToArray(),
            };
        }

        public override string ToString() =>
            $"[{string.Join(", ", Volumes)}] + {Overflow}, trouble [{string.Join(", ", Trouble)}], {Key}, {Wanted}, {OverCapacity}, {AllDown}";

        private static IEnumerable<Case> Shrink(Case c)
        {
            for (int i = 0; i < c.Volumes.Length; i++)
            {
                long[] fewer = [.. c.Volumes.Where((_, at) => at != i)];
                bool sound = fewer.Length > 0 ? fewer.Sum() + c.Overflow > 0 : c.Overflow == 0;
                if (sound) yield return c with { Volumes = fewer, Trouble = [.. c.Trouble.Where((_, at) => at != i)] };
                if (c.Trouble[i] > 0) yield return c with { Trouble = [.. c.Trouble.Select((t, at) => at == i ? 0 : t)] };
            }
            if (c.Overflow > 0 && c.Volumes.Sum() > 0) yield return c with { Overflow = 0 };
        }
    }
}
