using TrafficDispatch.Service.Access;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Relays;

/// <summary>What reports about paths may do, and how firmly a path in use is kept. Immutable.</summary>
public sealed record PathSettings
{
    /// <summary>How long answers keep away from a hop after the last report, where it is the first in a while; each further failure doubles it. 1 s to 1 hour, default 30 s.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest such time; default 10 minutes.</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a hop that comes back is tried by an eighth of the streams before all use it; 0 to 1 hour, default 15 s.</summary>
    public TimeSpan Trial { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After this time half of what earlier failures add to the hold is forgotten; default 10 minutes.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Nodes that must report a hop which is not their own, and which none of them named, before all keep away from it; 1 to 100, default 2.</summary>
    public int HopQuorum { get; init; } = 2;

    /// <summary>Neighbours whose own hop to a relay fails from which on the relay counts as down; 2 to 100, default 3.</summary>
    public int RelayQuorum { get; init; } = 3;

    /// <summary>Hops of others that one reporter may have all keep away from at a time, 0 to 1000; default 8.</summary>
    public int MostPerReporter { get; init; } = 8;

    /// <summary>Percent of the hops into a node, and out of one, that a reporter may so take away, but never all; 0 to 100, default 25.</summary>
    public int MostSharePercent { get; init; } = 25;

    /// <summary>Percent of all hops between relays and from relays to origins, and of all relays, that reports may take away; 0 to 100, default 30.</summary>
    public int MostTakenPercent { get; init; } = 30;

    /// <summary>Measured loss, percent, below which a report does not count; 0 to 100, default 2.</summary>
    public double LossPercent { get; init; } = 2;

    /// <summary>What a path in use may weigh above the best one; default 20 % and 2 ms.</summary>
    public KeepMargin Keep { get; init; } = new(20, 2000);

    /// <summary>True to take reports from other machines without a token, whoever sends them; default false.</summary>
    public bool Remote { get; init; }

    /// <summary>Tokens that reporters must show, from this machine too; null (default) where none is asked for.</summary>
    internal WatchedFile<TokenBook>? Tokens { get; init; }
}
