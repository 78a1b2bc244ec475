using System.Collections.Immutable;

namespace TrafficDispatch.Solve.Failure;

/// <summary>Places whose edges keep a reserve together.</summary>
public enum ReservePlaces
{
    /// <summary>None: contracts only.</summary>
    None,

    /// <summary>Latency zones.</summary>
    Zone,

    /// <summary>Continents.</summary>
    Continent,
}

/// <summary>
/// Room that a plan keeps free so that any one fault domain may fail: a group of edges G that spans three fault domains or more carries
/// at most C(G) − max over domains F of C(F ∩ G), softly.
/// </summary>
/// <remarks>
/// Groups are the contracts and, beside them, the places: a place holds the edges without a contract and the outermost contracts that lie
/// in it wholly, so that groups nest. A group of fewer domains keeps none: the bound would leave it idle. Load above a bound is
/// charged; the charge is counted in the ladder of charges, so a reserve never leaves traffic unserved and never breaks another bound.
/// </remarks>
public sealed record Reserve
{
    /// <summary>Places that keep a reserve. Default zones.</summary>
    public ReservePlaces Places { get; init; } = ReservePlaces.Zone;

    /// <summary>What a unit above a bound is charged, micro-USD per Mbit/s and hour; at least 0. As much as 25 ms of plain video by default.</summary>
    public long Charge { get; init; } = 200;

    /// <summary>Groups whose bound is tightened, by name; see <see cref="ReservePlanner"/>. Default none.</summary>
    public ImmutableSortedDictionary<string, ReserveTightening> Tightened { get; init; } =
        ImmutableSortedDictionary<string, ReserveTightening>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>What an edge is called among the groups.</summary>
    internal static string EdgeName(string id) => "edge:" + id;

    /// <summary>The greatest charge of any group.</summary>
    internal long GreatestCharge => checked(Charge * (Tightened.IsEmpty ? 1 : Tightened.Values.Max(static t => t.Factor)));
}

/// <summary>How much tighter a group's reserve is than the formula has it.</summary>
/// <param name="LowerMbps">By how much its bound is lower, at least 0.</param>
/// <param name="Factor">By what its charge is multiplied, at least 1.</param>
public readonly record struct ReserveTightening(long LowerMbps, int Factor);
