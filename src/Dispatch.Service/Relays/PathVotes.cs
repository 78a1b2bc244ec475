using TrafficDispatch.Service.Health;

namespace TrafficDispatch.Service.Relays;

/// <summary>What is wrong with a hop.</summary>
public enum HopTrouble
{
    /// <summary>Nothing that is known.</summary>
    None,

    /// <summary>No connection.</summary>
    Connect,

    /// <summary>One stream no longer comes.</summary>
    Stall,

    /// <summary>Packets are lost.</summary>
    Loss,

    /// <summary>It takes too long.</summary>
    Rtt,

    /// <summary>It works.</summary>
    Works,
}

/// <summary>A hop by the ids of its nodes.</summary>
/// <param name="From">The node that fetches.</param>
/// <param name="To">The node that it fetches from.</param>
internal readonly record struct HopName(string From, string To);

/// <summary>What one node says of one hop.</summary>
/// <param name="Reporter">The node.</param>
/// <param name="Hop">The hop.</param>
/// <param name="Stream">The one stream that it is about; empty for all.</param>
/// <param name="Trouble">What is wrong.</param>
/// <param name="IsNamed">True where the node said that it is this hop, and not another of its path.</param>
internal readonly record struct HopVote(string Reporter, HopName Hop, string Stream, HopTrouble Trouble, bool IsNamed)
{
    /// <summary>True where the node speaks of a hop of its own, which it sees itself.</summary>
    public bool IsOwn => Reporter == Hop.From;

    /// <summary>True where it is about the hop whatever the stream.</summary>
    public bool IsOfHop => Stream.Length == 0;
}

/// <summary>A vote and how long it counts.</summary>
internal sealed class HeldVote(HopVote vote, DateTimeOffset since, DateTimeOffset until, bool isTakenHere)
{
    public HopVote Vote { get; private set; } = vote;

    /// <summary>When the first of its like came in.</summary>
    public DateTimeOffset Since { get; } = since;

    public DateTimeOffset Until { get; private set; } = until;

    /// <summary>True where this process took the report; it tells the others until the vote ends.</summary>
    public bool IsTakenHere { get; private set; } = isTakenHere;

    /// <summary>Says it again.</summary>
    /// <returns>True where that is news: it holds a good second longer, or says more.</returns>
    public bool Renew(in HopVote vote, DateTimeOffset until, bool isTakenHere)
    {
        bool isNews = until > Until + TimeSpan.FromSeconds(1) || (vote.IsNamed && !Vote.IsNamed);
        Vote = vote with { IsNamed = vote.IsNamed || Vote.IsNamed };
        if (until > Until) Until = until;
        IsTakenHere |= isTakenHere;
        return isNews;
    }
}

/// <summary>All that is said of one hop.</summary>
internal sealed class HopRecord
{
    /// <summary>The votes that count, one for each reporter and stream.</summary>
    public List<HeldVote> Votes { get; } = [];

    /// <summary>Rises with each failure after a time without; lengthens the hold.</summary>
    public FlapPenalty Penalty { get; set; }

    /// <summary>True where the last judgement had all nodes keep away from it, whatever the stream.</summary>
    public bool IsAvoidedByAll { get; set; }

    /// <summary>Until when it is tried again; null where it is not.</summary>
    public DateTimeOffset? TrialUntil { get; set; }
}
