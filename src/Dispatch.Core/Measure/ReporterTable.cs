using System.Diagnostics.CodeAnalysis;

namespace TrafficDispatch.Measure;

/// <summary>
/// Who has reported and which of its batches were counted: the newest sequence and the 1,024 up to it. Bounded: a new reporter takes the
/// place of one that has been silent long enough for nothing of it to count, or is refused. Not thread-safe.
/// </summary>
internal sealed class ReporterTable(int cap, long silenceMs)
{
    private const int WindowBits = 1024, Words = WindowBits / 64;

    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private Reporter[] _reporters = new Reporter[16];
    private int _count;

    /// <summary>Reporters known.</summary>
    public int Count => _byId.Count;

    /// <summary>Reporters forgotten to make room.</summary>
    public long Evictions { get; private set; }

    /// <summary>Path cells of each reporter; for the book.</summary>
    public ref int Cells(int reporter) => ref _reporters[reporter].Cells;

    /// <summary>A reporter's name.</summary>
    public string Name(int reporter) => _reporters[reporter].Id;

    /// <summary>Notes a batch as counted if it never was.</summary>
    /// <param name="id">The reporter.</param>
    /// <param name="sequence">The batch.</param>
    /// <param name="nowMs">Our clock.</param>
    /// <param name="reporter">Its number; only where the answer is <see cref="SampleFault.None"/>.</param>
    /// <returns>None, Duplicate, Late or NoRoom. O(1), but for a refusal or the first batch of a reporter when the table is full.</returns>
    public SampleFault Enter(string id, ulong sequence, long nowMs, out int reporter)
    {
        if (!_byId.TryGetValue(id, out reporter) && !TryAdd(id, nowMs, out reporter)) return SampleFault.NoRoom;
        ref Reporter r = ref _reporters[reporter];
        r.SeenMs = nowMs;
        if (r.IsNew || sequence > r.Newest) Advance(ref r, sequence);
        else if (r.Newest - sequence >= WindowBits) return SampleFault.Late;
        ref ulong word = ref r.Window[sequence / 64 % Words];
        ulong bit = 1UL << (int)(sequence % 64);
        if ((word & bit) != 0) return SampleFault.Duplicate;
        word |= bit;
        return SampleFault.None;
    }

    /// <summary>The number of a reporter, known or made known, for what was counted elsewhere.</summary>
    public bool TryNumber(string id, long nowMs, out int reporter)
    {
        if (!_byId.TryGetValue(id, out reporter)) return TryAdd(id, nowMs, out reporter);
        _reporters[reporter].SeenMs = Math.Max(_reporters[reporter].SeenMs, nowMs);
        return true;
    }

    /// <summary>Forgets all reporters; the memory stays.</summary>
    public void Clear()
    {
        _byId.Clear();
        for (int i = 0; i < _count; i++) _reporters[i].Cells = 0;
        _count = 0;
    }

    private static void Advance(ref Reporter r, ulong sequence)
    {
        if (r.IsNew || sequence - r.Newest >= WindowBits) Array.Clear(r.Window);
        else for (ulong s = r.Newest + 1; s <= sequence && s != 0; s++) r.Window[s / 64 % Words] &= ~(1UL << (int)(s % 64));
        (r.Newest, r.IsNew) = (sequence, false);
    }

    private bool TryAdd(string id, long nowMs, out int reporter)
    {
        if (_count < cap)
        {
            reporter = _count++;
            if (reporter == _reporters.Length) Array.Resize(ref _reporters, 2 * _count);
        }
        else if (!TryForget(nowMs, out reporter))
        {
            return false;
        }
        ref Reporter r = ref _reporters[reporter];
        // The cells of a reporter that is forgotten stay until they are evicted; their counts have aged to nothing.
        r = new Reporter { Id = id, Window = r.Window ?? new ulong[Words], SeenMs = nowMs, IsNew = true, Cells = r.Cells };
        _byId.Add(id, reporter);
        return true;
    }

    private bool TryForget(long nowMs, out int reporter)
    {
        reporter = 0;
        for (int i = 1; i < _count; i++)
            if (_reporters[i].SeenMs < _reporters[reporter].SeenMs) reporter = i;
        if (nowMs - _reporters[reporter].SeenMs < silenceMs) return false;
        _byId.Remove(_reporters[reporter].Id);
        Evictions++;
        return true;
    }

    [SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
    private struct Reporter
    {
        public string Id;
        public ulong[] Window;
        public ulong Newest;
        public long SeenMs;
        public int Cells;
        public bool IsNew;
    }
}
