namespace TrafficDispatch.Solve.Synthetic;

/// <summary>A class of traffic: how much latency matters to it and how bad it is to leave it unserved.</summary>
/// <param name="Share">Its part of a location's demand.</param>
/// <param name="LatencyPercent">Cost of round trip against that of ordinary traffic.</param>
/// <param name="OverflowCost">Cost of a unit that is not served; falls with the priority.</param>
internal sealed record TrafficClass(double Share, int LatencyPercent, long OverflowCost)
{
    /// <summary>One class: what networks without priorities carry.</summary>
    public static TrafficClass[] Single { get; } = [new(1, 100, SyntheticNetwork.OverflowCost)];

    /// <summary>Live, on demand and downloads. Each overflow cost is ten times the next, and the last above any path, so that no amount of
    /// a lower class is served at the expense of a higher one.</summary>
    public static TrafficClass[] ByPriority { get; } =
    [
        new(0.3, 200, 100 * SyntheticNetwork.OverflowCost),
        new(0.5, 100, 10 * SyntheticNetwork.OverflowCost),
        new(0.2, 40, SyntheticNetwork.OverflowCost),
    ];
}
