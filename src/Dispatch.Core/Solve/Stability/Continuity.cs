namespace TrafficDispatch.Solve.Stability;

/// <summary>What a solve owes to the plan in force: how dear a change is, and how fast an edge may fill.</summary>
/// <remarks>A class's <see cref="Model.TrafficClass.StickyShare"/> says how much of what it had at an edge stays there.</remarks>
public sealed record Continuity
{
    /// <summary>Holds to a plan.</summary>
    /// <param name="inForce">The plan that clients are being sent by. Its groups and edges are found again by id; what is gone is forgotten.</param>
    public Continuity(TrafficPlan inForce) => InForce = inForce.WithoutPast();

    /// <summary>The plan that clients are being sent by, without what it was itself held to: plans would otherwise keep each other alive for ever.</summary>
    public TrafficPlan InForce { get; }

    /// <summary>What moving one Mbit/s is held to cost, micro-USD per Mbit/s and hour; at least 0. As much as 5 ms of plain video by default.</summary>
    public long MoveCost { get; init; } = 40;

    /// <summary>How much an edge may gain in one step, in percent of its usable capacity above what it carries now; null for no bound.</summary>
    /// <remarks>Taiji lets utilisation rise by 4 points an epoch (SOSP'19 §3.1.3). The bound yields where traffic would go unserved.</remarks>
    public int? OnloadPercent { get; init; }

    /// <summary>How much of the way to the optimum is gone at once; all by default.</summary>
    public Pace Pace { get; init; } = Pace.Full;

    /// <summary>How much may move in one step though it could stay, in percent of all traffic; null for no bound. What cannot stay does not count.</summary>
    public int? MoveBudgetPercent { get; init; }

    /// <summary>
    /// The plan before <see cref="InForce"/>, while traffic is still on its way from one to the other; null when it has arrived.
    /// </summary>
    public TrafficPlan? Before
    {
        get;
        init => field = value?.WithoutPast();
    }

    /// <summary>How much of the way from <see cref="Before"/> to <see cref="InForce"/> traffic has gone, 0 to 100 percent.</summary>
    /// <remarks>
    /// Traffic in flight is where it was, as far as an edge's load goes, and where it is sent, as far as moving it goes: so a change is
    /// neither made twice nor taken for room that is not there yet.
    /// </remarks>
    public int ArrivedPercent { get; init; } = 100;
}
