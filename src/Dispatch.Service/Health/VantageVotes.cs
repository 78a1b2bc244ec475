using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Health;

/// <summary>
/// What each vantage holds of each node: up until so many bad probes in a row, down until so many good ones. A vantage whose latest probes fail for most
/// of its targets is distrusted, before its hysteresis lets any of them count: it is more likely broken than they are. Used by one thread at a time.
/// </summary>
internal sealed class VantageVotes(HealthSettings settings)
{
    /// <summary>Most vantages that may have a say at once: names come from the wire, memory does not grow with them.</summary>
    public const int MostVantages = 256;

    /// <summary>Longest run that is told apart: longer than any that the settings ask for.</summary>
    private const int LongestRun = 1_000_000;

    private readonly Dictionary<string, Dictionary<(HealthScope, string), Word>> _byVantage = new(StringComparer.Ordinal);
    private HashSet<string> _distrusted = new(StringComparer.Ordinal);

    /// <summary>Vantages whose votes are dropped since the last <see cref="Settle"/>.</summary>
    public IReadOnlySet<string> Distrusted => _distrusted;

    /// <summary>Vantages that have a say, distrusted ones among them.</summary>
    public int Count => _byVantage.Count;

    /// <summary>True where a vantage's word on a node has turned since the last <see cref="Settle"/>.</summary>
    public bool HasTurned { get; private set; }

    /// <summary>Takes a probe, unless it was heard before.</summary>
    /// <remarks>
    /// Numbers need not follow one another: probes that were lost are made up for by the streak of the next. A vantage whose numbers fall, as after its clock
    /// was set back, is passed over until its words are forgotten.
    /// </remarks>
    public ProbeFate Add(in Probe probe, DateTimeOffset now)
    {
        if (!_byVantage.TryGetValue(probe.Vantage, out Dictionary<(HealthScope, string), Word>? words))
        {
            if (_byVantage.Count >= MostVantages) return ProbeFate.TooMany;
            _byVantage[probe.Vantage] = words = [];
        }
        Word word = words.GetValueOrDefault((probe.Kind, probe.Id));
        if (probe.Number != 0 && probe.Number <= word.Number) return ProbeFate.Known;
        int run = word.Run > 0 && word.LastGood == probe.IsGood ? Math.Min(word.Run + 1, LongestRun) : 1;
        run = Math.Max(run, (int)Math.Min(probe.Streak, LongestRun));
        bool down = word.IsDown ? !(probe.IsGood && run >= settings.GoodToRise) : !probe.IsGood && run >= settings.BadToFall;
        HasTurned |= down != word.IsDown;
        words[(probe.Kind, probe.Id)] = new(down, probe.IsGood, run, Math.Max(probe.Number, word.Number), now);
        return ProbeFate.Taken;
    }

    /// <summary>Forgets what is too old and finds the vantages to distrust. O(vantages × nodes).</summary>
    public void Settle(DateTimeOffset now)
    {
        HashSet<string> distrusted = new(StringComparer.Ordinal);
        foreach ((string vantage, Dictionary<(HealthScope, string), Word> words) in _byVantage)
        {
            foreach ((HealthScope, string) key in words.Where(w => now - w.Value.At > settings.Remembered).Select(static w => w.Key).ToList()) words.Remove(key);
            if (words.Count == 0) _byVantage.Remove(vantage);
            int bad = words.Values.Count(static w => !w.LastGood);
            if (words.Count >= settings.DistrustTargets && bad * 100 > words.Count * settings.DistrustPercent) distrusted.Add(vantage);
        }
        (_distrusted, HasTurned) = (distrusted, false);
    }

    /// <summary>What trusted vantages come to about a node.</summary>
    public NodeVotes Of(HealthScope kind, string id)
    {
        (int seeing, int down) = (0, 0);
        bool? own = null;
        foreach ((string vantage, Dictionary<(HealthScope, string), Word> words) in _byVantage)
        {
            if (_distrusted.Contains(vantage) || !words.TryGetValue((kind, id), out Word word)) continue;
            seeing++;
            if (word.IsDown) down++;
            if (vantage == ProbeReading.OwnVantage) own = !word.IsDown;
        }
        return new(seeing, down, own);
    }

    private readonly record struct Word(bool IsDown, bool LastGood, int Run, ulong Number, DateTimeOffset At);
}

/// <summary>What vantages come to about a node.</summary>
/// <param name="Seeing">Vantages that see it, telemetry among them.</param>
/// <param name="Down">Of those, the ones that hold it down.</param>
/// <param name="Telemetry">Whether telemetry holds it up; null where it has no word on it.</param>
internal readonly record struct NodeVotes(int Seeing, int Down, bool? Telemetry)
{
    /// <summary>True where they take the node out: a quorum of them, and more than half of those that see it.</summary>
    public bool AreBad(HealthSettings settings)
    {
        if (2 * Down <= Seeing) return false;
        if (Telemetry == false && settings.TelemetryVote == TelemetryVote.Quorum) return true;
        // What clients lose may be lost on their own side, on the same day everywhere: somebody must have looked at the edge itself.
        return Down >= settings.Quorum && !(Telemetry == false && Down == 1);
    }

    /// <summary>True where enough of them see the node for a verdict, whichever.</summary>
    public bool AreEnough(HealthSettings settings) => Seeing >= settings.Quorum || (Telemetry is not null && settings.TelemetryVote == TelemetryVote.Quorum);
}
