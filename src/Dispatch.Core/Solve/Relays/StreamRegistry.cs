using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>A rule of the stream registry that an entry breaks.</summary>
/// <param name="Position">Which entry, from 0.</param>
/// <param name="Key">Its key.</param>
/// <param name="Field">Which part of it: key, origin_id, bitrate_mbps or variant_mbps.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Rule">What must hold.</param>
public sealed record StreamFault(int Position, string Key, string Field, string Value, string Rule)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"stream {Position} '{Key}': {Field} '{Value}': {Rule}");
}

/// <summary>How a key stands in the registry.</summary>
public enum StreamState
{
    /// <summary>Nobody registered it.</summary>
    Unknown,

    /// <summary>Registered and on air.</summary>
    Active,

    /// <summary>Registered, but its time is over: it is not routed.</summary>
    Expired,
}

/// <summary>
/// The live streams of a world: which origin holds each, at what rate, in which variants, until when. Immutable and thread-safe.
/// </summary>
/// <remarks>Entries keep their order: it is the order of popularity, the most watched first, wherever popularity is not measured.</remarks>
public sealed class StreamRegistry
{
    private readonly Dictionary<string, int> _byKey;
    private readonly int[] _origin;
    private readonly long[] _kbps;

    private StreamRegistry(World world, ImmutableArray<LiveStream> streams)
    {
        Streams = streams;
        _byKey = new(streams.Length, StringComparer.Ordinal);
        for (int i = 0; i < streams.Length; i++) _byKey.Add(streams[i].Key, i);
        _origin = [.. streams.Select(s => world.OriginOrdinal(s.OriginId))];
        _kbps = [.. streams.Select(static s => Kilobits(s.BitrateMbps))];
    }

    /// <summary>The entries.</summary>
    public ImmutableArray<LiveStream> Streams { get; }

    /// <summary>Checks all entries and freezes them. O(entries).</summary>
    /// <param name="world">Whose origins hold them.</param>
    /// <param name="streams">The entries, most watched first.</param>
    /// <param name="registry">The registry; null where any entry is at fault.</param>
    /// <param name="faults">Every fault; empty where there is none.</param>
    public static bool TryCreate(
        World world, IEnumerable<LiveStream> streams, [NotNullWhen(true)] out StreamRegistry? registry, out ImmutableArray<StreamFault> faults)
    {
        ImmutableArray<LiveStream> entries = [.. streams];
        List<StreamFault> found = [];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < entries.Length; i++) Check(world, entries[i], i, seen, found);
        faults = [.. found];
        registry = found.Count == 0 ? new StreamRegistry(world, entries) : null;
        return registry is not null;
    }

    /// <summary>The registry of a world, whose loader has checked the entries.</summary>
    /// <exception cref="ArgumentException">An entry is at fault: the world was made in code and not checked.</exception>
    public static StreamRegistry Of(World world) =>
        TryCreate(world, world.Facts.Streams, out StreamRegistry? registry, out ImmutableArray<StreamFault> faults)
            ? registry
            : throw new ArgumentException(string.Join("; ", faults), nameof(world));

    /// <summary>Looks a key up at a moment; the stream ends at its expiry, not after it.</summary>
    /// <returns>How it stands, and its position, −1 where it is unknown.</returns>
    public (StreamState State, int Stream) Look(string key, DateTimeOffset now)
    {
        if (!_byKey.TryGetValue(key, out int stream)) return (StreamState.Unknown, -1);
        return (IsActive(stream, now) ? StreamState.Active : StreamState.Expired, stream);
    }

    /// <summary>True until the stream's expiry.</summary>
    public bool IsActive(int stream, DateTimeOffset now) => Streams[stream].Expires is not { } end || now < end;

    /// <summary>Ordinal of the origin that holds a stream.</summary>
    public int Origin(int stream) => _origin[stream];

    /// <summary>Rate of a stream with all its variants, kbit/s, at least 1.</summary>
    public long Kbps(int stream) => _kbps[stream];

    private static void Check(World world, LiveStream stream, int at, Dictionary<string, int> seen, List<StreamFault> found)
    {
        if (string.IsNullOrEmpty(stream.Key)) Fault("key", "", "must not be empty");
        else if (!seen.TryAdd(stream.Key, at)) Fault("key", stream.Key, string.Create(CultureInfo.InvariantCulture, $"must be unique: entry {seen[stream.Key]} has it too"));
        if (world.OriginOrdinal(stream.OriginId) < 0) Fault("origin_id", stream.OriginId, "must be an origin of the world");
        if (!IsRate(stream.BitrateMbps)) Fault("bitrate_mbps", Text(stream.BitrateMbps), "must be above 0 and at most 1000000");
        foreach (double variant in stream.VariantMbps.Where(static v => !IsRate(v))) Fault("variant_mbps", Text(variant), "must be above 0 and at most 1000000");
        double sum = stream.VariantMbps.Sum();
        if (!stream.VariantMbps.IsEmpty && Math.Abs(sum - stream.BitrateMbps) > 0.001)
            Fault("variant_mbps", Text(sum), $"must sum to the bitrate {Text(stream.BitrateMbps)}");

        void Fault(string field, string value, string rule) => found.Add(new(at, stream.Key ?? "", field, value, rule));
    }

    private static bool IsRate(double mbps) => mbps is > 0 and <= 1_000_000;

    private static long Kilobits(double mbps) => Math.Max(1, (long)Math.Round(mbps * 1000.0, MidpointRounding.ToEven));

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
