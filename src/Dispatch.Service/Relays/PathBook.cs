using TrafficDispatch.Service.Health;

namespace TrafficDispatch.Service.Relays;

/// <summary>What became of a vote.</summary>
internal enum VoteFate
{
    /// <summary>It counts, and the others should hear of it.</summary>
    Taken,

    /// <summary>It counts and says nothing new.</summary>
    Known,

    /// <summary>Its reporter has as many votes as one may have.</summary>
    TooManyOfReporter,

    /// <summary>The book has as many votes as it may have.</summary>
    Full,
}

/// <summary>
/// What nodes say of hops, and for how long it counts. Invariant: at most <see cref="MostVotes"/> votes and <see cref="MostHops"/> hops, so that its
/// memory is bounded whatever is reported. Not thread-safe: its owner locks.
/// </summary>
/// <remarks>
/// A hop falls with its first vote and holds until the last ends; then it is on trial, and is forgotten once it is through and its penalty is gone. A
/// fall raises the penalty (route flap damping, RFC 2439), which doubles the hold for each failure that is not yet forgotten.
/// </remarks>
internal sealed class PathBook(PathSettings settings)
{
    /// <summary>Votes that one reporter may have.</summary>
    public const int MostVotesOfReporter = 64;

    /// <summary>Votes of all.</summary>
    public const int MostVotes = 16_384;

    /// <summary>Hops that are remembered, those without votes among them.</summary>
    public const int MostHops = 16_384;

    private readonly Dictionary<HopName, HopRecord> _hops = [];
    private readonly Dictionary<string, int> _votesOf = new(StringComparer.Ordinal);

    /// <summary>Votes that count.</summary>
    public int Count { get; private set; }

    /// <summary>The hops that are remembered.</summary>
    public IReadOnlyDictionary<HopName, HopRecord> Hops => _hops;

    /// <summary>How long a failure of the hop that comes in now holds.</summary>
    public TimeSpan HoldOf(in HopName hop, DateTimeOffset now)
    {
        FlapPenalty penalty = _hops.GetValueOrDefault(hop)?.Penalty ?? default;
        // What is said again while it holds is the same failure, and holds as long.
        bool isDown = _hops.TryGetValue(hop, out HopRecord? record) && record.Votes.Any(v => v.Vote.IsOfHop && v.Until > now);
        int value = isDown ? penalty.Value : penalty.Raised(now, settings.HalfLife).Value;
        TimeSpan hold = settings.Hold * (1 << Math.Max(0, (value - 1) / HealthSettings.FallPenalty));
        return hold < settings.LongestHold ? hold : settings.LongestHold;
    }

    /// <summary>Takes a vote.</summary>
    /// <param name="vote">The vote.</param>
    /// <param name="now">The present.</param>
    /// <param name="until">When it ends; held to the longest time that a hop may be kept away from.</param>
    /// <param name="isTakenHere">True where the report came to this process.</param>
    public VoteFate Add(in HopVote vote, DateTimeOffset now, DateTimeOffset until, bool isTakenHere)
    {
        if (until > now + settings.LongestHold) until = now + settings.LongestHold;
        HopRecord? record = _hops.GetValueOrDefault(vote.Hop);
        if (record is not null && Find(record, vote) is { } same && same.Until > now) return same.Renew(vote, until, isTakenHere) ? VoteFate.Taken : VoteFate.Known;
        if (_votesOf.GetValueOrDefault(vote.Reporter) >= MostVotesOfReporter) return VoteFate.TooManyOfReporter;
        if (Count >= MostVotes || (record is null && !HasRoom())) return VoteFate.Full;
        record ??= _hops[vote.Hop] = new HopRecord();
        if (vote.IsOfHop && !record.Votes.Any(v => v.Vote.IsOfHop && v.Until > now)) record.Penalty = record.Penalty.Raised(now, settings.HalfLife);
        if (vote.IsOfHop) record.TrialUntil = null;
        Put(record, new HeldVote(vote, now, until, isTakenHere));
        return VoteFate.Taken;
    }

    /// <summary>Takes back what a reporter said of a hop; a hop that nobody else reports is tried again, and one on trial is through where it is the reporter's own.</summary>
    /// <returns>True where that changes anything.</returns>
    public bool Withdraw(string reporter, in HopName hop, DateTimeOffset now)
    {
        if (!_hops.TryGetValue(hop, out HopRecord? record)) return false;
        bool changed = record.Votes.RemoveAll(v => v.Vote.Reporter == reporter && Forget(v)) > 0;
        if (changed && record.Votes.Count == 0) BeginTrial(record, now);
        else if (!changed && record.TrialUntil is not null && reporter == hop.From)
        {
            record.TrialUntil = null;
            changed = true;
        }
        return changed;
    }

    /// <summary>Ends what is over.</summary>
    public void Expire(DateTimeOffset now)
    {
        foreach ((HopName hop, HopRecord record) in _hops)
        {
            if (record.Votes.RemoveAll(v => v.Until <= now && Forget(v)) > 0 && record.Votes.Count == 0) BeginTrial(record, now);
            if (record.TrialUntil <= now) record.TrialUntil = null;
            // What another failure would make of it, less that failure: what is left of the earlier ones.
            int left = record.Penalty.Raised(now, settings.HalfLife).Value - HealthSettings.FallPenalty;
            // Taking out of a dictionary does not disturb whoever walks over it.
            if (record.Votes.Count == 0 && record.TrialUntil is null && left < HealthSettings.FallPenalty / 8) _hops.Remove(hop);
        }
    }

    /// <summary>The votes that this process tells the others of while they count.</summary>
    public IEnumerable<HeldVote> TakenHere() => _hops.Values.SelectMany(static r => r.Votes).Where(static v => v.IsTakenHere);

    /// <summary>Makes room for a hop: one of which nothing is left but what it did before is forgotten for it.</summary>
    private bool HasRoom()
    {
        if (_hops.Count < MostHops) return true;
        foreach ((HopName hop, HopRecord record) in _hops)
            if (record.Votes.Count == 0 && record.TrialUntil is null) return _hops.Remove(hop);
        return false;
    }

    private void BeginTrial(HopRecord record, DateTimeOffset now)
    {
        if (record.IsAvoidedByAll && settings.Trial > TimeSpan.Zero) record.TrialUntil = now + settings.Trial;
        record.IsAvoidedByAll = false;
    }

    private void Put(HopRecord record, HeldVote vote)
    {
        // What has ended and not been cleared away yet would stand beside its successor.
        if (Find(record, vote.Vote) is { } old && Forget(old)) record.Votes.Remove(old);
        record.Votes.Add(vote);
        Count++;
        _votesOf[vote.Vote.Reporter] = _votesOf.GetValueOrDefault(vote.Vote.Reporter) + 1;
    }

    private bool Forget(HeldVote vote)
    {
        Count--;
        string reporter = vote.Vote.Reporter;
        if (--_votesOf[reporter] == 0) _votesOf.Remove(reporter);
        return true;
    }

    private static HeldVote? Find(HopRecord record, HopVote vote) =>
        record.Votes.Find(v => v.Vote.Reporter == vote.Reporter && v.Vote.Stream == vote.Stream);
}
