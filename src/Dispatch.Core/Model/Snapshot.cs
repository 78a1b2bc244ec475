namespace TrafficDispatch.Model;

/// <summary>Everything one solve reads: a world at one hour. The same snapshot gives the same assignment and the same table, byte for byte.</summary>
/// <param name="World">The facts.</param>
/// <param name="UtcHour">The hour whose demand is to be served, 0 to 23.</param>
public sealed record Snapshot(World World, int UtcHour)
{
    /// <summary>The busiest hour of the shipped world, taken where nobody names one.</summary>
    public const int DefaultUtcHour = 16;

    /// <summary>Demand of a region now, all classes together.</summary>
    public double DemandGbps(ClientRegion region) => region.Peak.Value * World.Diurnal.At(UtcHour, region.UtcOffsetHours);
}
