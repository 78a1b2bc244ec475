using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>Lays out where publishers send streams as table rows: regions, edges, relays, up to three origins each.</summary>
internal static class IngestTable
{
    /// <summary>Origins a publisher is told.</summary>
    private const int Wanted = 3;

    public static IngestRows Build(StreamPlan plan)
    {
        World world = plan.World;
        if (world.Relays.IsEmpty || world.Origins.IsEmpty) return IngestRows.None;
        IngestPlanner planner = new(plan);
        List<int> start = [0];
        List<IngestWay> ways = [];
        for (int r = 0; r < world.Regions.Length; r++) Add(planner.FromRegion(r));
        for (int e = 0; e < world.Edges.Length; e++) Add(planner.FromEdge(e));
        for (int r = 0; r < world.Relays.Length; r++) Add(planner.FromRelay(r));
        return new([.. start], [.. ways.Select(static w => (ushort)w.Origin)], [.. ways.Select(static w => Clip(w.WeightMicroseconds))],
            [.. ways.Select(static w => Clip(w.RttMicroseconds))], [.. Enumerable.Range(0, world.Origins.Length).Select(planner.RoomKbps)]);

        void Add(IReadOnlyList<IngestWay> ranked)
        {
            ways.AddRange(ranked.Take(Wanted));
            start.Add(ways.Count);
        }
    }

    private static uint Clip(long microseconds) => (uint)Math.Min(uint.MaxValue, microseconds);
}
