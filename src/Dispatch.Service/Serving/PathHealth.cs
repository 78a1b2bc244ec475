using System.Collections.Immutable;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serving;

/// <summary>What answers do about a hop that is reported to fail.</summary>
public enum HopState
{
    /// <summary>They keep away from it.</summary>
    Avoided,

    /// <summary>An eighth of the pairs of node and stream try it again, the others keep away.</summary>
    Trial,

    /// <summary>Nothing: reports may take no more out, so that only the answers of those who report it keep away.</summary>
    Held,
}

/// <summary>A hop that is reported to fail, by the ids of its nodes. Immutable.</summary>
/// <param name="From">The node that fetches.</param>
/// <param name="To">The relay or origin that it fetches from.</param>
/// <param name="State">What answers do.</param>
public sealed record HopVerdict(string From, string To, HopState State)
{
    /// <summary>The one node whose answers do so; empty for all.</summary>
    public string Asker { get; init; } = "";

    /// <summary>The one stream that it is about; empty for all.</summary>
    public string Stream { get; init; } = "";

    /// <summary>How many nodes report it.</summary>
    public int Reporters { get; init; }

    /// <summary>When it ends unless somebody reports it again.</summary>
    public DateTimeOffset Until { get; init; }
}

/// <summary>What reports about paths have come to, ready for the answers of one table. Immutable and thread-safe.</summary>
/// <param name="Version">Rises with each change of the hops; 0 before the first.</param>
/// <param name="Hops">The hops; those of nodes that the table in force does not know among them.</param>
/// <param name="DownRelays">Ids of relays that so many neighbours report that they count as down.</param>
public sealed record PathHealth(ulong Version, ImmutableArray<HopVerdict> Hops, ImmutableArray<string> DownRelays)
{
    /// <summary>Nothing was reported.</summary>
    public static readonly PathHealth Nothing = new(0, [], []);

    /// <summary>The hops in the ordinals of the table that it was made for.</summary>
    public AvoidedHops Avoided { get; private init; } = AvoidedHops.None;

    /// <summary>The same for another table. O(hops).</summary>
    public PathHealth For(RoutingTable table) => this with { Avoided = AvoidedHops.Of(Known(table)) };

    /// <summary>True where answers do the same by both, whenever it ends and whoever said so.</summary>
    public bool IsSame(ImmutableArray<HopVerdict> hops, ImmutableArray<string> downRelays) =>
        hops.Length == Hops.Length && downRelays.SequenceEqual(DownRelays, StringComparer.Ordinal)
        && hops.Zip(Hops, static (a, b) => (a.From, a.To, a.State, a.Asker, a.Stream) == (b.From, b.To, b.State, b.Asker, b.Stream)).All(static same => same);

    private IEnumerable<AvoidedHop> Known(RoutingTable table)
    {
        foreach (HopVerdict hop in Hops)
        {
            (int from, int to) = (table.NodeOrdinal(hop.From), table.NodeOrdinal(hop.To));
            int asker = hop.Asker.Length > 0 ? table.NodeOrdinal(hop.Asker) : -1;
            if (from < 0 || to < 0 || hop.State == HopState.Held || (hop.Asker.Length > 0 && asker < 0)) continue;
            yield return new(new(from, to)) { Asker = asker, Stream = hop.Stream, IsOnTrial = hop.State == HopState.Trial };
        }
    }
}
