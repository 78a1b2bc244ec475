using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Billing;

/// <summary>Bounds of rates.</summary>
internal static class MbpsBound
{
    /// <summary>The greater of the two; the first where there is no second.</summary>
    public static Mbps AtLeast(this Mbps level, Mbps? least) => least is { } bound && bound > level ? bound : level;
}
