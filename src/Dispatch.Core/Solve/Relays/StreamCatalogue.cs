using TrafficDispatch.Model;
using TrafficDispatch.Solve.Synthetic;

namespace TrafficDispatch.Solve.Relays;

/// <summary>Makes up streams for benchmarks and comparisons.</summary>
public static class StreamCatalogue
{
    /// <summary>Rates of the best variant, Mbit/s.</summary>
    private static ReadOnlySpan<double> Best => [3, 4.5, 6, 9];

    /// <summary>
    /// So many streams, most watched first: each at an origin drawn in proportion to capacity, in two variants, the best at 3, 4.5, 6 or 9
    /// Mbit/s and one at a third of it.
    /// </summary>
    /// <param name="world">Whose origins hold them; at least one must be up.</param>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="seed">The same seed gives the same streams on every machine.</param>
    public static LiveStream[] Create(World world, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Origin[] up = [.. world.Origins.Where(o => world.Health.Of(o).CanServe)];
        if (up.Length == 0) throw new ArgumentException("The world has no origin that is up.", nameof(world));
        double total = up.Sum(static o => o.Capacity.Value);
        SplitMix random = new(seed, RandomStream.Streams);
        LiveStream[] streams = new LiveStream[count];
        for (int i = 0; i < count; i++)
        {
            double at = random.Uniform() * total;
            int origin = 0;
            while (origin < up.Length - 1 && (at -= up[origin].Capacity.Value) >= 0) origin++;
            double best = Best[random.Below(Best.Length)];
            streams[i] = new(FormattableString.Invariant($"stream-{i + 1:D5}"), up[origin].Id, best + best / 3) { VariantMbps = [best, best / 3] };
        }
        return streams;
    }
}
