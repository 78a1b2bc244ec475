namespace TrafficDispatch.Service.Relays;

/// <summary>What became of a report.</summary>
internal enum ReportFate
{
    /// <summary>It counts.</summary>
    Taken,

    /// <summary>What was measured is not bad enough.</summary>
    Mild,

    /// <summary>There is nothing of the reporter's to take back.</summary>
    NothingToTakeBack,

    /// <summary>The node reports too often.</summary>
    TooFast,

    /// <summary>The node has as many hops under report as one may have.</summary>
    TooManyOfReporter,

    /// <summary>There are as many reports as are kept.</summary>
    Full,

    /// <summary>There is no table yet.</summary>
    NoTable,

    /// <summary>The caller may not report, or not for this node.</summary>
    NotAllowed,
}

/// <summary>Counts reports about paths, for status and metrics. Thread-safe.</summary>
internal sealed class PathTally
{
    private readonly long[] _reports = new long[(int)HopTrouble.Works + 1], _refused = new long[(int)ReportFate.NotAllowed + 1];
    private long _fromOthers, _untold;

    /// <summary>Votes that other processes told of.</summary>
    public long FromOthers => Volatile.Read(ref _fromOthers);

    /// <summary>Votes taken here that the others could not be told.</summary>
    public long Untold => Volatile.Read(ref _untold);

    /// <summary>Reports by trouble, each by its name as labels spell it.</summary>
    public IEnumerable<(string Trouble, long Count)> Reports => Enum.GetValues<HopTrouble>().Select(t => (NameOf(t), Volatile.Read(ref _reports[(int)t]))).Skip(1);

    /// <summary>Reports that did not count, by why.</summary>
    public IEnumerable<(string Why, long Count)> Refused => Enum.GetValues<ReportFate>().Select(f => (NameOf(f), Volatile.Read(ref _refused[(int)f]))).Skip(1);

    /// <summary>Counts a report.</summary>
    public void Count(HopTrouble trouble) => Interlocked.Increment(ref _reports[(int)trouble]);

    /// <summary>Counts a report that does not count.</summary>
    public void Refuse(ReportFate fate) => Interlocked.Increment(ref _refused[(int)fate]);

    /// <summary>Counts a vote that another process told of.</summary>
    public void CountFromOthers() => Interlocked.Increment(ref _fromOthers);

    /// <summary>Counts votes that the others were not told.</summary>
    public void CountUntold(long votes) => Interlocked.Add(ref _untold, votes);

    private static string NameOf(HopTrouble trouble) => trouble switch
    {
        HopTrouble.Connect => "connect_failure",
        HopTrouble.Stall => "stall",
        HopTrouble.Loss => "loss",
        HopTrouble.Rtt => "rtt",
        HopTrouble.Works => "works",
        _ => "none",
    };

    private static string NameOf(ReportFate fate) => fate switch
    {
        ReportFate.Mild => "mild",
        ReportFate.NothingToTakeBack => "nothing_to_take_back",
        ReportFate.TooFast => "too_fast",
        ReportFate.TooManyOfReporter => "too_many_of_reporter",
        ReportFate.Full => "full",
        ReportFate.NoTable => "no_table",
        ReportFate.NotAllowed => "not_allowed",
        _ => "taken",
    };
}

/// <summary>Holds every reporter to ten reports a second, twenty at once. Not thread-safe: its owner locks.</summary>
internal sealed class ReportPace
{
    /// <summary>Reporters that are remembered; beyond them, who has been quiet is forgotten.</summary>
    public const int MostReporters = 8192;

    private static readonly TimeSpan Each = TimeSpan.FromMilliseconds(100), Burst = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, DateTimeOffset> _paidUntil = new(StringComparer.Ordinal);

    /// <summary>True where a report may come in now.</summary>
    public bool TryEnter(string reporter, DateTimeOffset now)
    {
        DateTimeOffset paid = _paidUntil.GetValueOrDefault(reporter);
        // A clock that was set back must not silence a reporter for as long.
        if (paid < now || paid > now + Burst + Each) paid = now;
        if (paid + Each > now + Burst) return false;
        if (_paidUntil.Count >= MostReporters && !_paidUntil.ContainsKey(reporter) && !MakeRoom(now)) return false;
        _paidUntil[reporter] = paid + Each;
        return true;
    }

    private bool MakeRoom(DateTimeOffset now)
    {
        foreach ((string quiet, DateTimeOffset paid) in _paidUntil)
            if (paid <= now) _paidUntil.Remove(quiet);
        return _paidUntil.Count < MostReporters;
    }
}
