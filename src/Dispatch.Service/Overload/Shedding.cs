using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace TrafficDispatch.Service.Overload;

/// <summary>Why a call was turned away.</summary>
internal enum ShedReason
{
    /// <summary>Calls wait too long for a processor.</summary>
    QueueTime,

    /// <summary>As many calls as may be were under way.</summary>
    Calls,

    /// <summary>As many streams as may be were open.</summary>
    Streams,

    /// <summary>Its connection is one more than the endpoint takes.</summary>
    Connections,
}

/// <summary>Which calls are turned away, with what words, and how many were. Thread-safe; nothing of it waits or allocates.</summary>
internal sealed class Shedding
{
    private const int Whole = 1 << 16, Most = Whole / 10 * 9, Refusals = 16;

    private static readonly string[] Names = ["queue_time", "calls", "streams", "connections"];

    private readonly TimeSpan _queueTime;
    private readonly CallRefusal[][] _refusals;
    private readonly long[] _counts = new long[Names.Length];
    private int _dither, _share;

    /// <summary>Makes the refusals.</summary>
    public Shedding(OverloadSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _queueTime = settings.QueueTime;
        string[] words =
        [
            string.Create(CultureInfo.InvariantCulture, $"The server is overloaded: calls wait longer than {settings.QueueTime.TotalMilliseconds:0} ms."),
            string.Create(CultureInfo.InvariantCulture, $"The server is overloaded: {settings.Calls} calls are under way."),
            string.Create(CultureInfo.InvariantCulture, $"The server is overloaded: {settings.Streams} streams are open."),
            "The server has as many connections as it takes.",
        ];
        // From once to twice the pushback: callers that were turned away together must not come back together.
        _refusals = [.. words.Select(text => Enumerable.Range(0, Refusals).Select(i =>
            new CallRefusal(new Status(StatusCode.ResourceExhausted, text), settings.Pushback * (1 + i / (double)Refusals))).ToArray())];
    }

    /// <summary>Part of the calls that is shed, in 1/65536.</summary>
    public int Share => Volatile.Read(ref _share);

    /// <summary>
    /// Takes how long calls wait: none is shed up to the queue time, nine tenths are from four times that. A single wait counts less by the queue time,
    /// so that a pause that is over sheds nobody.
    /// </summary>
    /// <param name="before">The wait measured before.</param>
    /// <param name="now">The one measured now.</param>
    public void Heed(TimeSpan before, TimeSpan now)
    {
        TimeSpan lasting = before < now ? before : now, spike = now - _queueTime;
        double over = ((lasting > spike ? lasting : spike) - _queueTime) / (3 * _queueTime);
        Volatile.Write(ref _share, over <= 0 ? 0 : (int)Math.Clamp(over * Most, 1, Most));
    }

    /// <summary>Whether the next call falls into a share: of any calls one after the other, that part does.</summary>
    public bool Falls(int share)
    {
        // The carry out of 16 bits comes up in exactly that part of the additions; the sum may wrap.
        int after = unchecked(Interlocked.Add(ref _dither, share));
        return ((after ^ unchecked(after - share)) & Whole) != 0;
    }

    /// <summary>Counts a call that is turned away.</summary>
    /// <returns>What to tell it.</returns>
    public CallRefusal Refuse(ShedReason reason)
    {
        long count = Interlocked.Increment(ref _counts[(int)reason]);
        return _refusals[(int)reason][count % Refusals];
    }

    /// <summary>Calls turned away since the start.</summary>
    public long Total => Counts.Sum(static c => c.Count);

    /// <summary>The same by reason.</summary>
    public IEnumerable<(string Reason, long Count)> Counts => Names.Select((name, i) => (name, Interlocked.Read(ref _counts[i])));
}
