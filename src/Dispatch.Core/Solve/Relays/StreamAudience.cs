using TrafficDispatch.Model;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Solve.Relays;

/// <summary>How the viewers of a plan are spread over streams where nobody measures it.</summary>
/// <param name="Zipf">Exponent of popularity, 0 to 4, taken to the nearest 1/64; default 1.</param>
/// <param name="Seed">The same seed gives the same audience on every machine; default 1.</param>
public sealed record AudienceOptions(double Zipf = 1.0, int Seed = 1)
{
    /// <summary>Traffic classes whose traffic is live; where the world has none of them, all traffic is.</summary>
    public const string LiveClass = "live";
}

/// <summary>Which streams are watched at which edge, and by how many: row e lists the streams of edge e, ascending. Immutable and thread-safe.</summary>
/// <remarks>
/// An edge's viewers are its live traffic in the plan over the mean rate of a viewer, who watches one variant. Each draws a stream by Zipf
/// popularity from those that the edge's law lets it carry: a stream that may not be carried has no viewers there. Every edge draws from a
/// sequence of its own, so that one edge's traffic does not change what others watch.
/// </remarks>
public sealed class StreamAudience
{
    /// <summary>Viewers drawn for one edge at most; beyond, more viewers hardly make more streams active.</summary>
    private const int MostDrawn = 1 << 20;

    private readonly int[] _start;
    private readonly int[] _stream;
    private readonly int[] _viewers;

    private StreamAudience(StreamRegistry registry, int[] start, int[] stream, int[] viewers)
    {
        Registry = registry;
        (_start, _stream, _viewers) = (start, stream, viewers);
    }

    /// <summary>The streams.</summary>
    public StreamRegistry Registry { get; }

    /// <summary>Number of edges.</summary>
    public int Edges => _start.Length - 1;

    /// <summary>Number of pairs of an edge and a stream active there.</summary>
    public int Wants => _stream.Length;

    /// <summary>Where a row starts in the numbering of wants; row <see cref="Edges"/> is the end.</summary>
    public int Start(int edge) => _start[edge];

    /// <summary>Streams active at an edge, ascending.</summary>
    public ReadOnlySpan<int> Streams(int edge) => _stream.AsSpan(_start[edge], _start[edge + 1] - _start[edge]);

    /// <summary>Viewers of each of <see cref="Streams"/>, at least 1.</summary>
    public ReadOnlySpan<int> Viewers(int edge) => _viewers.AsSpan(_start[edge], _start[edge + 1] - _start[edge]);

    /// <summary>The stream of a want.</summary>
    internal int StreamOf(int want) => _stream[want];

    /// <summary>The viewers of a want.</summary>
    internal int ViewersOf(int want) => _viewers[want];

    /// <summary>Spreads the viewers of a plan. O(viewers · log streams).</summary>
    /// <param name="plan">Who serves whom.</param>
    /// <param name="registry">The streams, most watched first.</param>
    /// <param name="now">Streams that have expired by then have no viewers.</param>
    /// <param name="options">Popularity; the defaults where null.</param>
    public static StreamAudience Of(TrafficPlan plan, StreamRegistry registry, DateTimeOffset now, AudienceOptions? options = null)
    {
        options ??= new AudienceOptions();
        World world = plan.Model.Snapshot.World;
        Draw draw = new(world, registry, now, options);
        long[] live = LiveKbps(plan);
        List<(int, int)[]> rows = [];
        for (int e = 0; e < live.Length; e++) rows.Add(draw.Row(e, live[e]));
        return Of(registry, rows);
    }

    /// <summary>An audience that is known: for each edge its streams with their viewers.</summary>
    /// <exception cref="ArgumentException">A stream is not the registry's, occurs twice at an edge or has no viewer.</exception>
    public static StreamAudience Of(StreamRegistry registry, IReadOnlyList<(int Stream, int Viewers)[]> edges)
    {
        int[] start = new int[edges.Count + 1];
        List<int> streams = [], viewers = [];
        for (int e = 0; e < edges.Count; e++)
        {
            int last = -1;
            foreach ((int stream, int count) in edges[e].OrderBy(static w => w.Stream))
            {
                if (stream <= last || stream >= registry.Streams.Length || count < 1)
                    throw new ArgumentException($"Edge {e}: stream {stream} with {count} viewers must be of the registry, named once and watched.", nameof(edges));
                streams.Add(last = stream);
                viewers.Add(count);
            }
            start[e + 1] = streams.Count;
        }
        return new(registry, start, [.. streams], [.. viewers]);
    }

    private static long[] LiveKbps(TrafficPlan plan)
    {
        World world = plan.Model.Snapshot.World;
        FullCost? full = plan.Model as FullCost;
        bool named = full is not null && world.ClassOrdinal(AudienceOptions.LiveClass) >= 0;
        long[] live = new long[world.Edges.Length];
        for (int g = 0; g < plan.Model.Groups.Count; g++)
        {
            if (named && world.Classes[full!.Profiles.Profiles[plan.Model.Groups[g].Profile].Class].Id != AudienceOptions.LiveClass) continue;
            ReadOnlySpan<int> edges = plan.Edges(g);
            for (int i = 0; i < edges.Length; i++) live[edges[i]] += plan.Model.ToMbps(plan.Volumes(g)[i]).Value * 1000;
        }
        return live;
    }

    /// <summary>Draws the viewers of one edge after the other.</summary>
    private sealed class Draw
    {
        private readonly World _world;
        private readonly StreamRegistry _registry;
        private readonly RelayLaw _law;
        private readonly double[] _weight;
        private readonly int _seed;
        private readonly int[] _count;
        private readonly Dictionary<int, (int[] Streams, double[] Sums, double ViewerKbps)> _byLaw = [];

        public Draw(World world, StreamRegistry registry, DateTimeOffset now, AudienceOptions options)
        {
            (_world, _registry, _seed) = (world, registry, options.Seed);
            _law = new RelayLaw(world);
            _weight = Popularity.Weights(registry.Streams.Length, options.Zipf);
            for (int s = 0; s < _weight.Length; s++)
                if (!registry.IsActive(s, now)) _weight[s] = 0;
            _count = new int[registry.Streams.Length];
        }

        public (int, int)[] Row(int edge, long liveKbps)
        {
            (int[] streams, double[] sums, double viewerKbps) = Catalogue(_law.EdgeLaw[edge]);
            if (liveKbps <= 0 || streams.Length == 0) return [];
            long viewers = Math.Max(1, (long)(liveKbps / viewerKbps));
            int drawn = (int)Math.Min(viewers, MostDrawn);
            Array.Clear(_count);
            SplitMix random = new(unchecked(_seed * 1_000_003 + SeedOf(_world.Edges[edge].Id)), RandomStream.Viewers);
            for (int i = 0; i < drawn; i++) _count[streams[Pick(sums, random.Uniform() * sums[^1])]]++;
            List<(int, int)> row = [];
            for (int s = 0; s < _count.Length; s++)
                if (_count[s] > 0) row.Add((s, (int)Int128.Min(int.MaxValue, (Int128)_count[s] * viewers / drawn)));
            return [.. row];
        }

        private (int[] Streams, double[] Sums, double ViewerKbps) Catalogue(int law)
        {
            if (_byLaw.TryGetValue(law, out (int[], double[], double) known)) return known;
            List<int> streams = [];
            List<double> sums = [];
            double sum = 0, rate = 0;
            for (int s = 0; s < _weight.Length; s++)
            {
                if (_weight[s] <= 0 || !_law.Origin(law, _registry.Origin(s))) continue;
                sum += _weight[s];
                rate += _weight[s] * _registry.Kbps(s) / Math.Max(1, _registry.Streams[s].VariantMbps.Length);
                streams.Add(s);
                sums.Add(sum);
            }
            return _byLaw[law] = ([.. streams], [.. sums], sum > 0 ? rate / sum : 1);
        }

        private static int Pick(double[] sums, double at)
        {
            int found = Array.BinarySearch(sums, at);
            return Math.Min(found < 0 ? ~found : found + 1, sums.Length - 1);
        }

        /// <summary>FNV-1a over the id, so that an edge's viewers do not depend on where it stands in the list.</summary>
        private static int SeedOf(string id)
        {
            unchecked
            {
                uint hash = 2166136261;
                foreach (char c in id) hash = (hash ^ c) * 16777619;
                return (int)hash;
            }
        }
    }
}
