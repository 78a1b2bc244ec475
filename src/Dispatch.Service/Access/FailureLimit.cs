namespace TrafficDispatch.Service.Access;

/// <summary>
/// Bounds how often a network may show credentials that are wrong: ten at once, then one a second. Memory is fixed: networks share a place by a keyed
/// hash that a caller cannot foresee. Thread-safe, lock-free.
/// </summary>
/// <remarks>A place holds the moment at which all its failures are forgotten (the generic cell rate algorithm, ATM Forum UNI 4.0, 1996).</remarks>
internal sealed class FailureLimit(TimeProvider time)
{
    private const int Places = 4096, Burst = 10;
    private static readonly TimeSpan PerFailure = TimeSpan.FromSeconds(1);

    private readonly long _perFailure = (long)(PerFailure.TotalSeconds * time.TimestampFrequency);
    private readonly long[] _forgottenAt = new long[Places];
    private readonly int _key = Random.Shared.Next();

    /// <summary>True while the network has failed too often to be listened to.</summary>
    public bool IsExhausted(string network) => Volatile.Read(ref Place(network)) > time.GetTimestamp() + (Burst - 1) * _perFailure;

    /// <summary>Counts a failure.</summary>
    /// <returns>True where it is one too many.</returns>
    public bool Count(string network)
    {
        ref long place = ref Place(network);
        while (true)
        {
            long now = time.GetTimestamp(), before = Volatile.Read(ref place), next = Math.Max(now, before) + _perFailure;
            if (next > now + Burst * _perFailure) return true;
            if (Interlocked.CompareExchange(ref place, next, before) == before) return false;
        }
    }

    // A hash: its sign means nothing.
    private ref long Place(string network) => ref _forgottenAt[unchecked((uint)HashCode.Combine(_key, network)) % Places];
}
