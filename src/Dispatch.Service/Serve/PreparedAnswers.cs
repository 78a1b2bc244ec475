using System.Runtime.InteropServices;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serve;

/// <summary>
/// Replies as bytes, by the decision that they tell of. Who falls to the same edges for the same reason gets the same bytes, so that a
/// decision is put into words once and then copied. Thread-safe; takes no lock.
/// </summary>
/// <remarks>
/// Each decision has one place, which the last reply made for that place holds: memory is bounded (32,768 replies of some 300 to 600
/// bytes), and what is out of date is overwritten, for its generation is never asked for again.
/// </remarks>
internal sealed class PreparedAnswers
{
    private const int Places = 1 << 15;

    private readonly Prepared?[] _places = new Prepared?[Places];

    /// <summary>The reply of a decision; null where it is to be made.</summary>
    /// <param name="generation">The table and overlay that decided; see <see cref="Captured.Generation"/>.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="ranked">Its edges.</param>
    /// <param name="asksForAll">True for the reply with scope 0.</param>
    public byte[]? Find(long generation, in Decision decision, ReadOnlySpan<EdgeShare> ranked, bool asksForAll) =>
        Volatile.Read(ref _places[PlaceOf(decision, ranked, asksForAll)]) is { } held && held.Tells(generation, decision, ranked, asksForAll) ? held.Reply : null;

    /// <summary>Keeps the reply of a decision.</summary>
    public void Keep(long generation, in Decision decision, ReadOnlySpan<EdgeShare> ranked, bool asksForAll, byte[] reply) =>
        Volatile.Write(ref _places[PlaceOf(decision, ranked, asksForAll)], new(generation, decision, ranked, asksForAll, reply));

    private static int PlaceOf(in Decision decision, ReadOnlySpan<EdgeShare> ranked, bool asksForAll)
    {
        unchecked
        {
            ulong hash = (ulong)(uint)decision.Region << 32 | (uint)(decision.Service << 16 | (int)decision.Reason << 9 | decision.ScopeLength << 1 | (asksForAll ? 1 : 0));
            foreach (EdgeShare share in ranked) hash = StableChoice.Mix(hash) + ((ulong)share.Edge << 16 | share.Weight);
            return (int)(StableChoice.Mix(hash) & (Places - 1));
        }
    }

    private sealed class Prepared(long generation, in Decision decision, ReadOnlySpan<EdgeShare> ranked, bool asksForAll, byte[] reply)
    {
        private readonly Decision _decision = Told(decision);
        private readonly EdgeShare[] _ranked = ranked.ToArray();

        public byte[] Reply => reply;

        public bool Tells(long asked, in Decision told, ReadOnlySpan<EdgeShare> shares, bool forAll) =>
            asked == generation && forAll == asksForAll && _decision == Told(told)
            && MemoryMarshal.AsBytes(shares).SequenceEqual(MemoryMarshal.AsBytes(_ranked.AsSpan()));

        // How long the prefix was that an address was found by, no reply tells.
        private static Decision Told(in Decision decision) => decision with { MatchedLength = 0 };
    }
}
