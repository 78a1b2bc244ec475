namespace TrafficDispatch.Table;

/// <summary>A hop: the node that fetches and the node that it fetches from.</summary>
/// <param name="From">Ordinal of the fetching node: edges first, then relays.</param>
/// <param name="To">Ordinal of the relay or origin that it fetches from, among all nodes.</param>
public readonly record struct HopPair(int From, int To);

/// <summary>A hop that answers keep away from for now.</summary>
/// <param name="Hop">The hop.</param>
public readonly record struct AvoidedHop(HopPair Hop)
{
    /// <summary>Ordinal of the one node whose answers keep away from it; −1, the default, where all do.</summary>
    public int Asker { get; init; } = -1;

    /// <summary>The one stream that keeps away from it; empty, the default, where all do.</summary>
    public string Stream { get; init; } = "";

    /// <summary>
    /// True where it is being tried again: one in <see cref="AvoidedHops.TrialShare"/> of the pairs of asking node and stream use it. Only for hops that
    /// all nodes and streams keep away from.
    /// </summary>
    public bool IsOnTrial { get; init; }
}

/// <summary>
/// The hops that answers of one table keep away from, because those who used them say that they fail. Immutable and thread-safe; asking takes no
/// lock and allocates nothing: up to five binary searches a hop, none where nothing is avoided.
/// </summary>
/// <remarks>
/// Only numbers are kept, sorted: asker, from and to of 21 bits each in one word, and for a single stream that word mixed with a hash of the stream's
/// key. Another stream is taken for the one that is meant with probability entries / 2^64; it would then keep away from a hop without need, no more.
/// </remarks>
public sealed class AvoidedHops
{
    /// <summary>How many pairs of asking node and stream there are for each that tries a hop again.</summary>
    public const int TrialShare = 8;

    /// <summary>Nothing is avoided.</summary>
    public static readonly AvoidedHops None = new([], [], []);

    private const int NodeBits = 21, Everybody = 0;

    private readonly ulong[] _all, _ofStreams, _onTrial;

    private AvoidedHops(ulong[] all, ulong[] ofStreams, ulong[] onTrial) => (_all, _ofStreams, _onTrial) = (all, ofStreams, onTrial);

    /// <summary>True where nothing is avoided.</summary>
    public bool IsEmpty => _all.Length + _ofStreams.Length + _onTrial.Length == 0;

    /// <summary>Makes the set. O(n log n).</summary>
    /// <exception cref="ArgumentException">An ordinal is below 0 (an asker: below −1) or above 2^21 − 2.</exception>
    public static AvoidedHops Of(IEnumerable<AvoidedHop> hops)
    {
        List<ulong> all = [], ofStreams = [], onTrial = [];
        foreach (AvoidedHop hop in hops)
        {
            const int most = (1 << NodeBits) - 2;
            if (hop.Hop.From is < 0 or > most || hop.Hop.To is < 0 or > most || hop.Asker is < -1 or > most)
                throw new ArgumentException($"The hop {hop} names a node that no table has.", nameof(hops));
            ulong word = Word(hop.Asker + 1, hop.Hop.From, hop.Hop.To);
            if (hop.IsOnTrial) onTrial.Add(word);
            else if (hop.Stream.Length > 0) ofStreams.Add(Of(word, Hash(hop.Stream)));
            else all.Add(word);
        }
        return all.Count + ofStreams.Count + onTrial.Count == 0 ? None : new(Sorted(all), Sorted(ofStreams), Sorted(onTrial));
    }

    /// <summary>True where an answer keeps away from the hop.</summary>
    /// <param name="asker">Ordinal of the asking node.</param>
    /// <param name="stream">See <see cref="Hash"/>.</param>
    /// <param name="from">Ordinal of the hop's fetching node.</param>
    /// <param name="to">Ordinal of the node it fetches from.</param>
    public bool Avoids(int asker, ulong stream, int from, int to)
    {
        ulong anybody = Word(Everybody, from, to), one = Word(asker + 1, from, to);
        if (Has(_all, anybody) || Has(_all, one)) return true;
        if (_ofStreams.Length > 0 && (Has(_ofStreams, Of(anybody, stream)) || Has(_ofStreams, Of(one, stream)))) return true;
        return Has(_onTrial, anybody) && !Tries(asker, stream);
    }

    /// <summary>A hash of a stream's key: FNV-1a over its UTF-16 code units, mixed. The same on every machine. O(length).</summary>
    public static ulong Hash(ReadOnlySpan<char> stream)
    {
        ulong hash = 0xCBF29CE484222325;
        unchecked
        {
            foreach (char unit in stream) hash = (hash ^ unit) * 0x00000100000001B3;
        }
        return StableChoice.Mix(hash);
    }

    /// <summary>True for the pairs of asking node and stream that try hops again; all replicas hold the same ones to it.</summary>
    private static bool Tries(int asker, ulong stream) => StableChoice.Mix(stream ^ (ulong)asker) % TrialShare == 0;

    private static ulong Word(int asker, int from, int to) => (ulong)asker << 2 * NodeBits | (ulong)from << NodeBits | (uint)to;

    private static ulong Of(ulong word, ulong stream) => StableChoice.Mix(word ^ stream);

    private static bool Has(ulong[] sorted, ulong word) => sorted.Length > 0 && sorted.AsSpan().BinarySearch(word) >= 0;

    private static ulong[] Sorted(List<ulong> words) => [.. words.Distinct().Order()];
}
