using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;
using TrafficDispatch.Table;

namespace TrafficDispatch.Solve.Tables;

/// <summary>
/// Lays out upstream paths as table rows: for every asking node and origin the ranked paths and the last resort, then the paths that only the
/// plan of some stream uses; and for every stream the path of each node that carries it.
/// </summary>
internal sealed class PathTable
{
    private readonly List<int> _start = [0], _hopStart = [0];
    private readonly List<ushort> _node = [];
    private readonly List<uint> _rtt = [], _weight = [];
    private readonly List<PathKind> _kind = [];
    private readonly Dictionary<(int Node, int Origin, int First, int Second), int> _pathOf = [];
    private readonly Dictionary<(int Stream, int Relay), int> _firstParent = [];
    private readonly World _world;
    private readonly StreamPlan _plan;
    private readonly RelayPlanner _planner;

    private PathTable(World world, StreamPlan plan)
    {
        (_world, _plan) = (world, plan);
        _planner = new RelayPlanner(plan.Loads, new RelayLaw(world));
        foreach (StreamFeed feed in plan.Feeds) _firstParent.TryAdd((feed.Stream, feed.Relay), feed.Parent);
    }

    /// <summary>Builds the rows.</summary>
    /// <param name="world">The world.</param>
    /// <param name="plan">The plan of its registered streams, in registry order.</param>
    /// <param name="byKey">Of each stream in the order of the table, its ordinal in the registry.</param>
    public static (PathRows Paths, StreamRows Streams) Build(World world, StreamPlan plan, int[] byKey)
    {
        if (world.Relays.IsEmpty || world.Origins.IsEmpty) return (PathRows.None, StreamRows.None);
        PathTable table = new(world, plan);
        table.AddPaths();
        return (table.Paths(), byKey.Length == 0 ? StreamRows.None : table.Streams(byKey));
    }

    private int Edges => _world.Edges.Length;

    private void AddPaths()
    {
        ILookup<(int Node, int Origin), (int First, int Second)> planned = Planned().Distinct().ToLookup(static p => (p.Node, p.Origin), static p => (p.First, p.Second));
        for (int node = 0; node < Edges + _world.Relays.Length; node++)
        {
            for (int o = 0; o < _world.Origins.Length; o++)
            {
                HashSet<(int First, int Second)> used = [.. planned[(node, o)]];
                bool IsUsed(RelayPath path) => used.Contains(Relays(path));
                foreach (RelayPath path in node < Edges ? _planner.EdgePaths(node, o, IsUsed) : _planner.RelayPaths(node - Edges, o, IsUsed))
                    Add(node, path, path.IsLastResort ? PathKind.LastResort : PathKind.Ranked);
                foreach ((int first, int second) in used.Order())
                {
                    if (_pathOf.ContainsKey((node, o, first, second))) continue;
                    Add(node, node < Edges ? _planner.Over(node, first, second, o) : _planner.OverRelay(node - Edges, first, o), PathKind.PlanOnly);
                }
                _start.Add(_hopStart.Count - 1);
            }
        }
    }

    /// <summary>Every way that some stream takes, as the asking node sees it: a relay's first relay is its parent.</summary>
    private IEnumerable<(int Node, int Origin, int First, int Second)> Planned()
    {
        StreamAudience audience = _plan.Audience;
        for (int e = 0; e < audience.Edges; e++)
        {
            for (int want = audience.Start(e); want < audience.Start(e + 1); want++)
                if (_plan.First(want) >= 0) yield return (e, audience.Registry.Origin(audience.StreamOf(want)), _plan.First(want), _plan.Second(want));
        }
        foreach (StreamFeed feed in _plan.Feeds) yield return (Edges + feed.Relay, audience.Registry.Origin(feed.Stream), feed.Parent, -1);
    }

    private static (int First, int Second) Relays(RelayPath path) =>
        (path.Relays.Length > 0 ? path.Relays[0] : -1, path.Relays.Length > 1 ? path.Relays[1] : -1);

    private void Add(int node, RelayPath path, PathKind kind)
    {
        (int first, int second) = Relays(path);
        _pathOf.Add((node, path.Origin, first, second), _hopStart.Count - 1);
        foreach (int relay in path.Relays) _node.Add((ushort)relay);
        _node.Add((ushort)path.Origin);
        foreach (long rtt in path.HopRttMicroseconds) _rtt.Add((uint)rtt);
        _weight.Add((uint)Math.Min(uint.MaxValue, path.WeightMicroseconds));
        _kind.Add(kind);
        _hopStart.Add(_node.Count);
    }

    private PathRows Paths() => new([.. _start], [.. _hopStart], [.. _node], [.. _rtt]) { WeightMicroseconds = [.. _weight], Kind = [.. _kind] };

    private StreamRows Streams(int[] byKey)
    {
        StreamAudience audience = _plan.Audience;
        List<(int Node, int Path)>[] rows = [.. byKey.Select(static _ => new List<(int, int)>())];
        for (int e = 0; e < audience.Edges; e++)
        {
            for (int want = audience.Start(e); want < audience.Start(e + 1); want++)
            {
                int stream = audience.StreamOf(want);
                // An edge whose law made its relay take a second copy is left to the ranked paths: a row holds one way a node.
                if (_plan.First(want) < 0 || !IsFirstCopy(stream, _plan.First(want), _plan.Second(want))) continue;
                rows[stream].Add((e, _pathOf[(e, audience.Registry.Origin(stream), _plan.First(want), _plan.Second(want))]));
            }
        }
        foreach (StreamFeed feed in _plan.Feeds)
        {
            if (IsFirstCopy(feed.Stream, feed.Relay, feed.Parent))
                rows[feed.Stream].Add((Edges + feed.Relay, _pathOf[(Edges + feed.Relay, audience.Registry.Origin(feed.Stream), feed.Parent, -1)]));
        }
        List<int> start = [0], nodes = [], paths = [];
        foreach (int stream in byKey)
        {
            foreach ((int node, int path) in rows[stream].OrderBy(static r => r.Node))
            {
                nodes.Add(node);
                paths.Add(path);
            }
            start.Add(nodes.Count);
        }
        return new([.. start], [.. nodes], [.. paths]);
    }

    /// <summary>True where this is the first of a relay's copies of a stream, by the order of feeds.</summary>
    private bool IsFirstCopy(int stream, int relay, int parent) => _firstParent[(stream, relay)] == parent;
}
