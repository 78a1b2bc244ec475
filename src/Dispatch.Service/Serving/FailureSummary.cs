using System.Collections.Immutable;

namespace TrafficDispatch.Service.Serving;

/// <summary>How far the plan in force is prepared for failures.</summary>
public enum FailureState
{
    /// <summary>Nothing was tried: failures are switched off, or there is no plan of this process yet.</summary>
    None,

    /// <summary>The plan is in force and its failures are being tried.</summary>
    Pending,

    /// <summary>All failures were tried and their failovers are in force.</summary>
    Made,

    /// <summary>The next cycle was due before all failures were tried; what failovers the plan had before stay.</summary>
    Late,

    /// <summary>The run or its table was refused; what failovers the plan had before stay.</summary>
    Failed,
}

/// <summary>What trying every failure of the plan in force came to. Immutable.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Tried">Failures tried by the last run that ended; 0 before any.</param>
/// <param name="Absorbed">Those among them that shed nothing that the plan serves.</param>
/// <param name="Worst">The others, worst first; at most <see cref="MostListed"/>.</param>
/// <param name="MadeAt">When the failovers of this plan were made; null where they never were. A cycle that changes nothing does not make them again.</param>
/// <param name="Elapsed">How long the last run that ended took.</param>
public sealed record FailureSummary(
    FailureState State, int Tried, int Absorbed, ImmutableArray<UnabsorbedFailure> Worst, DateTimeOffset? MadeAt, TimeSpan Elapsed)
{
    /// <summary>Failures that a summary lists at most.</summary>
    public const int MostListed = 20;

    /// <summary>Nothing tried.</summary>
    public static readonly FailureSummary None = new(FailureState.None, 0, 0, [], null, TimeSpan.Zero);

    /// <summary>Failures that shed traffic which the plan serves.</summary>
    public int NotAbsorbed => Tried - Absorbed;
}

/// <summary>A failure that sheds traffic.</summary>
/// <param name="Name">What fails, written <c>kind:id</c>.</param>
/// <param name="UnservedMbps">What nobody serves while it lasts and the plan serves, Mbit/s.</param>
/// <param name="Fix">What would fix it, in words.</param>
public sealed record UnabsorbedFailure(string Name, long UnservedMbps, string Fix);
