namespace TrafficDispatch.Solve.Guarding;

/// <summary>
/// How far an input and a plan may differ from the last ones that were accepted before a person has to look. Immutable. Percentages are whole;
/// null switches a rule off.
/// </summary>
/// <remarks>
/// The defaults stand between what a day brings and what a broken feed brings: a plan that changes more than a set share is refused by the
/// peers' tools at 30 % (octoDNS), traffic engineering at one operator once drained every device because nothing compared totals (Espresso, SIGCOMM'17 §7).
/// </remarks>
public sealed record GuardLimits
{
    /// <summary>Fall of the total demand at the same hour, percent, 0 to 100; default 30.</summary>
    public int? DemandFallPercent { get; init; } = 30;

    /// <summary>Rise of the total demand at the same hour, percent, at least 0; default 100: a crowd may double the traffic, a unit error makes it 8 or 1000 times as much.</summary>
    public int? DemandRisePercent { get; init; } = 100;

    /// <summary>Fall of the total stated capacity, percent, 0 to 100; default 30. Health does not count: what fails has to be evacuated.</summary>
    public int? CapacityFallPercent { get; init; } = 30;

    /// <summary>Rise of the total stated capacity, percent, at least 0; default 100.</summary>
    public int? CapacityRisePercent { get; init; } = 100;

    /// <summary>Regions, edges or links that are gone, percent of each, 0 to 100; default 10. One of each may always go.</summary>
    public int? VanishedPercent { get; init; } = 10;

    /// <summary>Round trips that are ten times as long or short as before, percent of those between regions and edges known before, 0 to 100; default 5.</summary>
    public int? RttChangedPercent { get; init; } = 5;

    /// <summary>Round trips below <see cref="InputGuard.LeastRttMs"/> or above <see cref="InputGuard.MostRttMs"/>, percent, 0 to 100; default 1.</summary>
    public int? RttRangePercent { get; init; } = 1;

    /// <summary>Groups with fresh measurements where something measures, percent, at least, 0 to 100; default 50.</summary>
    public int? LeastCoveragePercent { get; init; } = 50;

    /// <summary>Traffic taken from edges that may go on serving it, percent of demand, 0 to 100; default 30.</summary>
    public int? MovedPercent { get; init; } = 30;

    /// <summary>Rise of unserved traffic beyond what more demand and dead edges explain, percent of demand, 0 to 100; default 5.</summary>
    public int? UnservedRisePercent { get; init; } = 5;
}

/// <summary>A limit that an input or a plan breaks.</summary>
/// <param name="Rule">Name of the rule, for instance <c>demand_rise</c>: the label of metrics.</param>
/// <param name="Value">What was found, in the unit of <paramref name="Limit"/>.</param>
/// <param name="Limit">What is allowed at most, or at least for <c>coverage</c>.</param>
/// <param name="Message">What is wrong, with value and limit, in one sentence.</param>
/// <param name="Remedy">What to do about it, in one sentence.</param>
public sealed record GuardFinding(string Rule, double Value, double Limit, string Message, string Remedy)
{
    /// <summary>Message and remedy in one line.</summary>
    public override string ToString() => $"[{Rule}] {Message} {Remedy}";
}
