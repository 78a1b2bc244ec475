using System.Collections.Immutable;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Relays;

/// <summary>What all votes come to.</summary>
/// <param name="Hops">Hops that some or all answers keep away from, or would but for the cap; in a fixed order.</param>
/// <param name="DownRelays">Relays that enough neighbours report, by id.</param>
/// <param name="HeldRelays">Relays that enough neighbours report, and that serve on because reports may take no more out.</param>
internal sealed record PathVerdict(ImmutableArray<HopVerdict> Hops, ImmutableArray<string> DownRelays, ImmutableArray<string> HeldRelays);

/// <summary>
/// Judges hops by what is said of them. Who reports always keeps away himself. All keep away from a hop where the node at its beginning says that it
/// fails, where a quorum does, or where one node names it within its bounds; so one voice takes no relay out, and never the last hop into or out of a node
/// that is not its own. For one judgement.
/// </summary>
/// <remarks>
/// A stall is held against the stream on the hop, and against the hop once two streams stall there that do not stall everywhere: a publisher that has
/// stopped sending is reported by every viewer's edge, over every hop, and no hop is to blame.
/// </remarks>
internal sealed class PathJudge
{
    /// <summary>Nodes from which a stream must fail to come, as those say who ask them, to be taken for ill itself.</summary>
    private const int EverywhereFrom = 4;

    private readonly PathSettings _settings;
    private readonly HopNetwork _network;
    private readonly ReporterShares _shares;
    private readonly HashSet<string> _ill;
    private readonly List<HopVerdict> _verdicts = [];
    private readonly int _mostRelayHops;
    private int _relayHops;

    private PathJudge(PathSettings settings, HopNetwork network, PathBook book)
    {
        (_settings, _network, _shares) = (settings, network, new ReporterShares(settings, network));
        _ill = IllStreams(book);
        _mostRelayHops = network.RelayHops * settings.MostTakenPercent / 100;
    }

    /// <summary>Judges. O(votes · log votes). What has ended must be cleared away before.</summary>
    public static PathVerdict Judge(PathSettings settings, HopNetwork network, PathBook book)
    {
        PathJudge judge = new(settings, network, book);
        // Who came first keeps his place under the caps.
        foreach ((HopName hop, HopRecord record) in book.Hops.Where(static h => h.Value.Votes.Count > 0).OrderBy(static h => h.Value.Votes[0].Since)
            .ThenBy(static h => h.Key.From, StringComparer.Ordinal).ThenBy(static h => h.Key.To, StringComparer.Ordinal))
        {
            judge.Add(hop, record);
        }
        foreach ((HopName hop, HopRecord record) in book.Hops)
            if (record.Votes.Count == 0 && record.TrialUntil is { } until) judge._verdicts.Add(new(hop.From, hop.To, HopState.Trial) { Until = until });
        ImmutableArray<HopVerdict> hops =
        [
            .. judge._verdicts.OrderBy(static v => v.From, StringComparer.Ordinal).ThenBy(static v => v.To, StringComparer.Ordinal).ThenBy(static v => v.State)
                .ThenBy(static v => v.Asker, StringComparer.Ordinal).ThenBy(static v => v.Stream, StringComparer.Ordinal),
        ];
        (ImmutableArray<string> down, ImmutableArray<string> held) = judge.Relays(book);
        return new(hops, down, held);
    }

    private void Add(in HopName hop, HopRecord record)
    {
        HeldVote[] blaming = [.. record.Votes.Where(static v => !v.Vote.IsOfHop && v.Vote.Trouble == HopTrouble.Stall).Where(v => !_ill.Contains(v.Vote.Stream))];
        bool isEscalated = blaming.Select(static v => v.Vote.Stream).Distinct(StringComparer.Ordinal).Count() >= 2;
        HeldVote[] ofHop = [.. record.Votes.Where(v => v.Vote.IsOfHop || (isEscalated && blaming.Contains(v)))];
        record.IsAvoidedByAll = ofHop.Length > 0 && Decide(hop, ofHop, "");
        if (record.IsAvoidedByAll) return;
        foreach (IGrouping<string, HeldVote> stream in record.Votes.Except(ofHop).GroupBy(static v => v.Vote.Stream, StringComparer.Ordinal)) Decide(hop, [.. stream], stream.Key);
    }

    /// <returns>True where all keep away.</returns>
    private bool Decide(in HopName hop, HeldVote[] votes, string stream)
    {
        string[] reporters = [.. votes.Select(static v => v.Vote.Reporter).Distinct(StringComparer.Ordinal)];
        DateTimeOffset until = votes.Max(static v => v.Until);
        HopVerdict verdict = new(hop.From, hop.To, HopState.Avoided) { Stream = stream, Reporters = reporters.Length, Until = until };
        if (IsForAll(hop, votes, reporters.Length))
        {
            if (stream.Length > 0 || !_network.IsRelay(hop.From) || _relayHops < _mostRelayHops)
            {
                _relayHops += stream.Length == 0 && _network.IsRelay(hop.From) ? 1 : 0;
                _verdicts.Add(verdict);
                return true;
            }
            _verdicts.Add(verdict with { State = HopState.Held });
        }
        foreach (string reporter in reporters) _verdicts.Add(verdict with { Asker = reporter });
        return false;
    }

    private bool IsForAll(in HopName hop, HeldVote[] votes, int reporters)
    {
        if (reporters >= _settings.HopQuorum || votes.Any(static v => v.Vote.IsOwn)) return true;
        foreach (HeldVote vote in votes)
            if (vote.Vote.IsNamed && _shares.TryTake(vote.Vote.Reporter, hop)) return true;
        return false;
    }

    private static HashSet<string> IllStreams(PathBook book) =>
    [
        .. book.Hops.SelectMany(static h => h.Value.Votes).Where(static v => v.Vote is { IsOwn: true, IsOfHop: false })
            .GroupBy(static v => v.Vote.Stream, StringComparer.Ordinal)
            .Where(static s => s.Select(static v => v.Vote.Hop.To).Distinct(StringComparer.Ordinal).Count() >= EverywhereFrom).Select(static s => s.Key),
    ];

    private (ImmutableArray<string> Down, ImmutableArray<string> Held) Relays(PathBook book)
    {
        string[] reported =
        [
            .. book.Hops.Where(h => _network.IsRelay(h.Key.To) && h.Value.Votes.Any(static v => v.Vote is { IsOwn: true, IsOfHop: true }))
                .GroupBy(static h => h.Key.To, StringComparer.Ordinal)
                .Select(static g => (Relay: g.Key, Neighbours: g.Count())).Where(r => r.Neighbours >= _settings.RelayQuorum)
                .OrderByDescending(static r => r.Neighbours).ThenBy(static r => r.Relay, StringComparer.Ordinal).Select(static r => r.Relay),
        ];
        int most = _network.Relays * _settings.MostTakenPercent / 100;
        return ([.. reported.Take(most).Order(StringComparer.Ordinal)], [.. reported.Skip(most).Order(StringComparer.Ordinal)]);
    }
}

/// <summary>What one reporter may have all keep away from besides hops of its own. For one judgement.</summary>
internal sealed class ReporterShares(PathSettings settings, HopNetwork network)
{
    private readonly Dictionary<string, HashSet<Table.HopPair>> _taken = new(StringComparer.Ordinal);

    /// <summary>True where a reporter's word alone may take the hop away from all.</summary>
    public bool TryTake(string reporter, in HopName hop)
    {
        int node = network.Table.NodeOrdinal(reporter);
        // Only of hops on paths that the table gives it can a node know anything.
        if (network.Find(hop) is not { } pair || node < 0 || !network.Uses(node, pair)) return false;
        if (!_taken.TryGetValue(reporter, out HashSet<Table.HopPair>? taken)) _taken[reporter] = taken = [];
        if (taken.Contains(pair)) return true;
        bool fits = taken.Count < settings.MostPerReporter
            && taken.Count(t => t.To == pair.To) < Most(network.Into(pair.To)) && taken.Count(t => t.From == pair.From) < Most(network.OutOf(pair.From));
        if (fits) taken.Add(pair);
        return fits;
    }

    /// <summary>The share, but one at least, and never all.</summary>
    private int Most(int hops) => Math.Min(hops - 1, Math.Max(settings.MostSharePercent > 0 ? 1 : 0, hops * settings.MostSharePercent / 100));
}
