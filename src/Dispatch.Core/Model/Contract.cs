using System.Collections.Immutable;

namespace TrafficDispatch.Model;

/// <summary>What an operator's bill counts.</summary>
public enum BillingMethod
{
    /// <summary>The volume of a month: US dollars per GB (10^9 byte).</summary>
    Volume,

    /// <summary>The 95th percentile of a month's 5-minute rates: US dollars per Mbit/s and month.</summary>
    Percentile95,
}

/// <summary>A price that holds above the tier before it.</summary>
/// <param name="UpTo">The level where it ends; null in the last tier.</param>
/// <param name="Usd">US dollars per GB or per Mbit/s and month, as <see cref="Contract.Billing"/> says. At least 0.</param>
public sealed record PriceTier(Gbps? UpTo, double Usd);

/// <summary>
/// A capacity group: edges that share a bound or a bill, such as a site, an operator's continent or all of an operator. Groups nest: of two
/// that share an edge one holds the other.
/// </summary>
/// <param name="Id">Unique id.</param>
/// <param name="ParentId">The group that holds this one; null for none.</param>
/// <param name="Edges">Ids of the edges it holds, those of groups inside it included; in file order of the edges.</param>
/// <param name="Floor">
/// What it must carry at least while there is demand for it; 0 for no floor. A floor that contradicts other bounds (its ceiling, a ceiling
/// around or inside it, what its edges can carry) is warned of by the loader and yields in the solve.
/// </param>
/// <param name="Ceiling">What it may carry at most; null for no ceiling. It holds even where <paramref name="Floor"/> is above it.</param>
public sealed record Contract(string Id, string? ParentId, ImmutableArray<string> Edges, Gbps Floor, Gbps? Ceiling)
{
    /// <summary>How traffic is billed. Without <see cref="Tiers"/> it is not used: the edges' own prices hold.</summary>
    public BillingMethod Billing { get; init; }

    /// <summary>The level that is paid for whether used or not; traffic up to it costs nothing more.</summary>
    public Gbps Commit { get; init; }

    /// <summary>
    /// What the commit itself costs: US dollars per GB or per Mbit/s and month, as <see cref="Billing"/> says. At least 0; null (default) for
    /// the price of the first tier. It is due whatever is done, so no solve looks at it; bills do.
    /// </summary>
    public double? CommitUsd { get; init; }

    /// <summary>
    /// Prices above <see cref="Commit"/>, rising, the last without an end; they replace the edges' own prices. Empty for a group that
    /// bills nothing. Of groups that share an edge at most one has tiers.
    /// </summary>
    public ImmutableArray<PriceTier> Tiers { get; init; } = [];

    /// <summary>What one more Mbit/s costs in a tier while it lasts, on the time base of <see cref="Price.Marginal"/>.</summary>
    public MicroUsdPerMbpsHour Marginal(PriceTier tier) => Billing == BillingMethod.Volume
        ? new Price(PriceModel.PerGb, tier.Usd, 0).Marginal()
        : new Price(PriceModel.PerMbpsMonth, 0, tier.Usd).Marginal();
}

/// <summary>Room between a network of clients and an edge: peering, or an interconnect.</summary>
/// <param name="Network">Its name, for instance <c>country:IN</c>.</param>
/// <param name="Regions">Ordinals of the client regions whose traffic to the edge it carries, ascending. A region and an edge share at most one cap.</param>
/// <param name="Edge">Ordinal of the edge.</param>
/// <param name="Capacity">What it can carry.</param>
public sealed record PeeringCap(string Network, ImmutableArray<int> Regions, int Edge, Gbps Capacity);

/// <summary>Where a contract stands in its month: an input of every solve, and an output of the billing account.</summary>
/// <param name="ContractId">The contract.</param>
/// <param name="BilledLevel">What the month is billed for already, whatever comes: at least the commit. Traffic up to it costs nothing more.</param>
/// <param name="MayBurst">True where this slot may go above the billed level without raising it.</param>
public sealed record BillingLevel(string ContractId, Mbps BilledLevel, bool MayBurst)
{
    /// <summary>
    /// Under volume billing, what a unit is taken to cost at any rate: the month's whole volume is billed, so one slot's rate says nothing
    /// about the tier it ends in. At least 0; null (default) to read commit and tiers as rates.
    /// </summary>
    public MicroUsdPerMbpsHour? VolumePrice { get; init; }
}
