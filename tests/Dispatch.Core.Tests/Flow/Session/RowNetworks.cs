using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Core.Tests.Flow.Session;

/// <summary>Networks of the shape the dispatch model makes, in small: rows that no arc enters with bounded, parallel and lower-bounded
/// arcs, a core of two layers with parallel arcs of rising and of negative cost, supplies in the core, several sinks.</summary>
internal static class RowNetworks
{
    public static Arbitrary<NetworkSpec> Small { get; } = Arb.From(Any(), NetworkSpec.Shrink);

    private sealed record Sizes(int Rows, int Edges, int Relays, int Sinks)
    {
        public int FirstRelay => Rows + Edges;

        public int FirstSink => Rows + Edges + Relays;

        public int Nodes => Rows + Edges + Relays + Sinks;
    }

    private static Gen<NetworkSpec> Any() =>
        from rows in Gen.Choose(1, 9)
        from edges in Gen.Choose(1, 6)
        from relays in Gen.Choose(0, 3)
        from sinks in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 3)))
        let sizes = new Sizes(rows, edges, relays, sinks)
        from demands in Gen.ArrayOf(Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(2, 12))), rows)
        from extra in Gen.ArrayOf(Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 6))), edges + relays)
        from access in Gen.ArrayOf(Access(sizes, demands), rows * 3)
        from core in Gen.ArrayOf(CoreArc(sizes), (edges + relays) * 2)
        from overflows in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        from shares in Gen.ArrayOf(Gen.Choose(0, 2), sinks)
        select Join(sizes, demands, extra, [.. access, .. core], overflows, shares);

    // Free, as wide as the row, narrower, closed, or with a flow it must keep.
    private static Gen<ArcSpec> Access(Sizes sizes, int[] demands) =>
        from row in Gen.Choose(0, sizes.Rows - 1)
        from edge in Gen.Choose(0, sizes.Edges - 1)
        from cost in Gen.Choose(-4, 20)
        from lower in Gen.Frequency((26, Gen.Constant(0)), (2, Gen.Constant(1)), (1, Gen.Choose(-2, -1)))
        from width in Gen.Elements(FlowNetwork.Unlimited, FlowNetwork.Unlimited, -1L, 0L, 1L, 3L, 6L)
        select new ArcSpec(row, sizes.Rows + edge, lower, Widen(width, lower, demands[row]), cost);

    private static long Widen(long width, int lower, int demand)
        => width == FlowNetwork.Unlimited ? width : width < 0 ? Math.Max(lower, demand) : lower + width;

    private static Gen<ArcSpec> CoreArc(Sizes sizes) =>
        from tail in Gen.Choose(sizes.Rows, sizes.FirstSink - 1)
        from onward in Gen.Choose(0, 9)
        from pick in Gen.Choose(0, 11)
        from cost in Gen.Choose(-6, 12)
        from step in Gen.Choose(0, 3)
        from lower in Gen.Frequency((30, Gen.Constant(0)), (1, Gen.Elements(-2, -1, -1, 1)))
        from room in Gen.Choose(0, 30)
        let toSink = onward < 6 || sizes.Relays == 0 || tail >= sizes.FirstRelay
        let head = toSink ? sizes.FirstSink + (pick % sizes.Sinks) : sizes.FirstRelay + (pick % sizes.Relays)
        select new ArcSpec(tail, onward == 9 ? sizes.Rows + (pick % sizes.Edges) : head, lower, onward == 8 ? FlowNetwork.Unlimited : lower + room, cost + (7 * step));

    private static NetworkSpec Join(Sizes sizes, int[] demands, int[] extra, ArcSpec[] arcs, bool overflows, int[] shares)
    {
        long[] supplies = [.. demands.Select(d => (long)d), .. extra.Select(x => (long)x), .. new long[sizes.Sinks]];
        long total = supplies.Sum();
        for (int s = 1; s < sizes.Sinks; s++) total += supplies[sizes.FirstSink + s] = -Math.Min(total, total * shares[s] / 4);
        supplies[sizes.FirstSink] = -total;
        int[] links = [.. Enumerable.Range(0, sizes.Sinks).Skip(1).Select(s => sizes.FirstSink + s)];
        IEnumerable<ArcSpec> between = links.SelectMany(s => new ArcSpec[] { new(s, sizes.FirstSink, 0, 40, 3), new(sizes.FirstSink, s, 0, 40, 2) });
        IEnumerable<ArcSpec> spare = overflows
            ? demands.Select((d, r) => new ArcSpec(r, sizes.FirstSink, 0, d % 2 == 0 ? d : FlowNetwork.Unlimited, 90))
                .Concat(extra.Select((x, v) => new ArcSpec(sizes.Rows + v, sizes.FirstSink, 0, FlowNetwork.Unlimited, 60)))
            : [];
        return new NetworkSpec(supplies, [.. arcs, .. between, .. spare]);
    }
}
