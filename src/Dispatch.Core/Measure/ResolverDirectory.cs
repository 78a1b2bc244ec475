using System.Collections.Frozen;
using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>Where most clients of resolvers are from, by region ids, for whoever has no world to keep a book of. Immutable and thread-safe.</summary>
public sealed class ResolverDirectory
{
    private readonly FrozenDictionary<ClientAddress, string> _main;

    private ResolverDirectory(FrozenDictionary<ClientAddress, string> main) => _main = main;

    /// <summary>Resolvers that are believed.</summary>
    public int Count => _main.Count;

    /// <summary>Id of the region that most clients of a resolver are from; null where too few of them were seen. O(1).</summary>
    public string? MainRegionOf(ClientAddress resolver) => _main.GetValueOrDefault(resolver);

    /// <summary>Reads the resolvers of what a book has written.</summary>
    /// <param name="part">Exactly what <see cref="MeasureBook.WriteTo(System.Buffers.IBufferWriter{byte}, BookKinds)"/> wrote.</param>
    /// <param name="settings">The half-lives and the cap on resolvers.</param>
    /// <param name="nowMs">Our clock, milliseconds since 1970 UTC: mixes age up to it.</param>
    /// <returns>Null where the bytes are no part, or one of other half-lives.</returns>
    public static ResolverDirectory? Read(ReadOnlySpan<byte> part, MeasureSettings settings, long nowMs)
    {
        Sink sink = new(settings);
        if (!BookReader.Read(part, settings, sink)) return null;
        FrozenDictionary<ClientAddress, ImmutableArray<RegionShare>> mixes = sink.Mixes.Freeze(nowMs, static work => work());
        return new(mixes.ToFrozenDictionary(static m => m.Key, m => sink.Regions[m.Value[0].Region]));
    }

    /// <summary>Listens to mixes alone.</summary>
    private sealed class Sink(MeasureSettings settings) : IBookSink
    {
        public ResolverMixes Mixes { get; } = new(settings.Resolvers, (long)settings.ResolverHalfLife.TotalMilliseconds);

        public string[] Regions { get; private set; } = [];

        public void Names(string[] regions, string[] edges, string[] networks, string[] reporters) => Regions = regions;

        public void Mix(ClientAddress resolver, int epoch, ReadOnlySpan<(int Region, int Units)> shares) => Mixes.Merge(resolver, epoch, shares);

        public void Head(long batches, long samples, long newestMs)
        {
            // Of resolvers alone.
        }

        public void Time(long step, long samples)
        {
            // Of resolvers alone.
        }

        public void Cell(int region, int edge, int network, int reporter, in PathCell cell, ReadOnlySpan<ushort> bins)
        {
            // Of resolvers alone.
        }

        public void Load(int region, int edge, int reporter, double mbps, long atMs)
        {
            // Of resolvers alone.
        }

        public void Level(int region, double peakMbps, long atMs)
        {
            // Of resolvers alone.
        }
    }
}
