using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Relays;

/// <summary>What a node reports of a path, checked against the table in force.</summary>
/// <param name="Node">The reporting node.</param>
/// <param name="Stream">The stream that it fetched.</param>
/// <param name="Hops">Ids of the relays from the first on, then the origin.</param>
/// <param name="FailedHop">Which hop it is, from 1; 0 where that is not known.</param>
/// <param name="Trouble">What is wrong.</param>
internal sealed record ReportedPath(string Node, string Stream, ImmutableArray<string> Hops, int FailedHop, HopTrouble Trouble)
{
    /// <summary>Packets lost, percent, where that was measured.</summary>
    public double? LossPercent { get; init; }

    /// <summary>Round trip, milliseconds, where that was measured.</summary>
    public double? RttMs { get; init; }
}

/// <summary>What became of a report.</summary>
/// <param name="Fate">Whether it counts.</param>
/// <param name="Hops">The hops that it counts against.</param>
/// <param name="Hold">For how long at least.</param>
/// <param name="Votes">What the other processes should hear.</param>
internal sealed record ReportOutcome(ReportFate Fate, ImmutableArray<HopName> Hops, TimeSpan Hold, ImmutableArray<HopVote> Votes);

/// <summary>Where votes about hops come in, and from where answers hear about them at once. Thread-safe; answers never wait for it.</summary>
/// <param name="settings">The rules.</param>
/// <param name="holder">What answers are made from.</param>
/// <param name="tally">Counts reports.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where changes are told.</param>
internal sealed class PathDesk(PathSettings settings, TableHolder holder, PathTally tally, TimeProvider time, ILogger<PathDesk> logger) : IHostedService, IDisposable
{
    /// <summary>What the overlay calls relays that their neighbours report.</summary>
    public const string Source = "paths";

    // While much is reported a judgement is made for many votes, and not for each.
    private const int MostVotesJudgedEach = 256;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1), Soon = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly PathBook _book = new(settings);
    private readonly ReportPace _pace = new();
    private HopNetwork? _network;
    private ImmutableArray<string> _held = [];
    private ITimer? _timer;
    private bool _isHastened;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(static desk => ((PathDesk)desk!).Look(), this, Period, Period);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Takes a report of which every node is known to the table in force.</summary>
    public ReportOutcome Take(ReportedPath report)
    {
        if (holder.Current is not { } state) return new(ReportFate.NoTable, [], TimeSpan.Zero, []);
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            tally.Count(report.Trouble);
            ReportOutcome outcome = !_pace.TryEnter(report.Node, now) ? Refused(ReportFate.TooFast)
                : report.Trouble == HopTrouble.Works ? Withdraw(report, now)
                : IsMild(report, state) ? Refused(ReportFate.Mild) : Blame(report, now);
            if (outcome.Fate is not ReportFate.Taken) tally.Refuse(outcome.Fate);
            if (!outcome.Votes.IsEmpty) JudgeSoon(state);
            return outcome;
        }
    }

    /// <summary>Takes a vote that another process took.</summary>
    /// <param name="vote">The vote; unknown nodes are passed over.</param>
    /// <param name="left">How long it still counts.</param>
    /// <param name="isWithdrawn">True where its reporter takes it back.</param>
    public void Hear(in HopVote vote, TimeSpan left, bool isWithdrawn)
    {
        if (holder.Current is not { } state || state.Table.NodeOrdinal(vote.Reporter) < 0) return;
        lock (_gate)
        {
            if (Network(state).Find(vote.Hop) is null || left <= TimeSpan.Zero) return;
            DateTimeOffset now = time.GetUtcNow();
            bool changed = isWithdrawn
                ? _book.Withdraw(vote.Reporter, vote.Hop, now)
                : _book.Add(vote, now, now + left, isTakenHere: false) == VoteFate.Taken;
            if (changed) JudgeSoon(state);
        }
    }

    /// <summary>What this process took and still counts, for those who have not heard it.</summary>
    public ImmutableArray<(HopVote Vote, TimeSpan Left)> TakenHere()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            return [.. _book.TakenHere().Where(v => v.Until > now).Select(v => (v.Vote, v.Until - now))];
        }
    }

    /// <summary>Ends what is over and has answers heed what is left.</summary>
    public void Look()
    {
        if (holder.Current is not { } state) return;
        lock (_gate)
        {
            _isHastened = false;
            if (_book.Hops.Count > 0 || !holder.Paths.Hops.IsEmpty) Judge(state);
        }
    }

    private ReportOutcome Blame(ReportedPath report, DateTimeOffset now)
    {
        List<HopVote> news = [];
        List<HopName> blamed = [];
        TimeSpan least = TimeSpan.MaxValue;
        VoteFate fate = VoteFate.Known;
        string stream = report.Trouble == HopTrouble.Stall ? report.Stream : "";
        foreach (HopName hop in HopsOf(report))
        {
            TimeSpan hold = _book.HoldOf(hop, now);
            HopVote vote = new(report.Node, hop, stream, report.Trouble, report.FailedHop > 0);
            fate = _book.Add(vote, now, now + hold, isTakenHere: true);
            if (fate > VoteFate.Known) break;
            blamed.Add(hop);
            if (fate == VoteFate.Taken) news.Add(vote);
            if (hold < least) least = hold;
        }
        ReportFate whole = blamed.Count > 0 ? ReportFate.Taken : fate == VoteFate.Full ? ReportFate.Full : ReportFate.TooManyOfReporter;
        return new(whole, [.. blamed], blamed.Count > 0 ? least : TimeSpan.Zero, [.. news]);
    }

    private ReportOutcome Withdraw(ReportedPath report, DateTimeOffset now)
    {
        HopName[] changed = [.. HopsOf(report).Where(hop => _book.Withdraw(report.Node, hop, now))];
        HopVote[] votes = [.. changed.Select(hop => new HopVote(report.Node, hop, "", HopTrouble.Works, true))];
        return new(votes.Length > 0 ? ReportFate.Taken : ReportFate.NothingToTakeBack, [], TimeSpan.Zero, [.. votes]);
    }

    private static ReportOutcome Refused(ReportFate fate) => new(fate, [], TimeSpan.Zero, []);

    /// <summary>The hop that is named; else all of the path.</summary>
    private static IEnumerable<HopName> HopsOf(ReportedPath report)
    {
        for (int i = 0; i < report.Hops.Length; i++)
            if (report.FailedHop == 0 || report.FailedHop == i + 1) yield return new(i == 0 ? report.Node : report.Hops[i - 1], report.Hops[i]);
    }

    private bool IsMild(ReportedPath report, ServingState state)
    {
        if (report.Trouble == HopTrouble.Loss && report.LossPercent < settings.LossPercent) return true;
        if (report.Trouble != HopTrouble.Rtt || report.RttMs is not { } measured) return false;
        double expected = 0;
        foreach (HopName hop in HopsOf(report))
            if (Network(state).Find(hop) is { } pair) expected += (Network(state).Rtt(pair) ?? 0) / 1000.0;
        return measured < 2 * expected + 20;
    }

    private void JudgeSoon(ServingState state)
    {
        if (_book.Count <= MostVotesJudgedEach) Judge(state);
        else if (!_isHastened) _isHastened = _timer?.Change(Soon, Period) ?? false;
    }

    private void Judge(ServingState state)
    {
        _book.Expire(time.GetUtcNow());
        PathVerdict verdict = PathJudge.Judge(settings, Network(state), _book);
        if (holder.Heed(verdict.Hops, verdict.DownRelays) is { } changed) Tell(changed);
        ImmutableArray<HealthStatement> down = [.. verdict.DownRelays.Select(static r => new HealthStatement(HealthScope.Relay, r, HealthState.Down, 1))];
        if (holder.Say(Source, down) is { } overlay) PathLog.RelaysDown(logger, overlay.Version, Listed(verdict.DownRelays));
        if (!verdict.HeldRelays.IsEmpty && !verdict.HeldRelays.SequenceEqual(_held)) PathLog.RelaysHeld(logger, Listed(verdict.HeldRelays), settings.MostTakenPercent);
        _held = verdict.HeldRelays;
    }

    private void Tell(PathHealth paths) => PathLog.Changed(logger, paths.Version, paths.Hops.Count(static h => h.State == HopState.Avoided),
        paths.Hops.Count(static h => h.State == HopState.Trial), paths.Hops.Count(static h => h.State == HopState.Held),
        Listed(paths.Hops.Take(10).Select(static h => $"{h.From}>{h.To} {h.State}{(h.Asker.Length > 0 ? $" for {h.Asker}" : "")}")));

    private HopNetwork Network(ServingState state)
    {
        if (_network is { } known && ReferenceEquals(known.Table.Content, state.Table.Content)) return known;
        return _network = new HopNetwork(state.Table);
    }

    private static string Listed(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "nothing";
}
