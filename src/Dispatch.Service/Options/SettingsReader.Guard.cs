using TrafficDispatch.Solve.Guarding;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of the guard.</summary>
internal sealed partial class SettingsReader
{
    // Rises have no natural end; this one only keeps typing errors out.
    private const int MostRise = 100_000;

    private GuardLimits Guard()
    {
        GuardLimits d = new();
        return new()
        {
            DemandFallPercent = WholeOrOff("Guard:DemandFallPercent", 0, 100, d.DemandFallPercent),
            DemandRisePercent = WholeOrOff("Guard:DemandRisePercent", 0, MostRise, d.DemandRisePercent),
            CapacityFallPercent = WholeOrOff("Guard:CapacityFallPercent", 0, 100, d.CapacityFallPercent),
            CapacityRisePercent = WholeOrOff("Guard:CapacityRisePercent", 0, MostRise, d.CapacityRisePercent),
            VanishedPercent = WholeOrOff("Guard:VanishedPercent", 0, 100, d.VanishedPercent),
            RttChangedPercent = WholeOrOff("Guard:RttChangedPercent", 0, 100, d.RttChangedPercent),
            RttRangePercent = WholeOrOff("Guard:RttRangePercent", 0, 100, d.RttRangePercent),
            LeastCoveragePercent = WholeOrOff("Guard:LeastCoveragePercent", 0, 100, d.LeastCoveragePercent),
            MovedPercent = WholeOrOff("Guard:MovedPercent", 0, 100, d.MovedPercent),
            UnservedRisePercent = WholeOrOff("Guard:UnservedRisePercent", 0, 100, d.UnservedRisePercent),
        };
    }
}
