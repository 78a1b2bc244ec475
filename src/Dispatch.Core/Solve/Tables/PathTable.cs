using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>Plans the upstream paths of every asking node to every origin and lays them out as table rows.</summary>
internal static class PathTable
{
    public static PathRows Build(World world)
    {
        if (world.Relays.IsEmpty || world.Origins.IsEmpty) return PathRows.None;
        RelayPlanner planner = new(world);
        ViewerLaw viewers = new(world);
        Layout layout = new();
        for (int e = 0; e < world.Edges.Length; e++)
            for (int o = 0; o < world.Origins.Length; o++) layout.Add([.. planner.FromEdge(e, o).Where(path => viewers.Allows(e, path))]);
        for (int r = 0; r < world.Relays.Length; r++)
            for (int o = 0; o < world.Origins.Length; o++) layout.Add(planner.FromRelay(r, o));
        return layout.Build();
    }

    private sealed class Layout
    {
        private readonly List<int> _start = [0];
        private readonly List<int> _hopStart = [0];
        private readonly List<ushort> _node = [];
        private readonly List<uint> _rtt = [];

        public void Add(ImmutableArray<RelayPath> paths)
        {
            foreach (RelayPath path in paths)
            {
                foreach (int relay in path.Relays) _node.Add((ushort)relay);
                _node.Add((ushort)path.Origin);
                foreach (long rtt in path.HopRttMicroseconds) _rtt.Add((uint)rtt);
                _hopStart.Add(_node.Count);
            }
            _start.Add(_hopStart.Count - 1);
        }

        public PathRows Build() => new([.. _start], [.. _hopStart], [.. _node], [.. _rtt]);
    }
}
