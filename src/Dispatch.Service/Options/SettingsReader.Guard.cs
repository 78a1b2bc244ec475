using TrafficDispatch.Solve.Guarding;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of the guard.</summary>
internal sealed partial class SettingsReader
{
    private GuardLimits Guard()
    {
        GuardLimits d = new();
        return new()
        {
            DemandFallPercent = WholeOrOff("Guard:DemandFallPercent", d.DemandFallPercent),
            DemandRisePercent = WholeOrOff("Guard:DemandRisePercent", d.DemandRisePercent),
            CapacityFallPercent = WholeOrOff("Guard:CapacityFallPercent", d.CapacityFallPercent),
            CapacityRisePercent = WholeOrOff("Guard:CapacityRisePercent", d.CapacityRisePercent),
            VanishedPercent = WholeOrOff("Guard:VanishedPercent", d.VanishedPercent),
            RttChangedPercent = WholeOrOff("Guard:RttChangedPercent", d.RttChangedPercent),
            RttRangePercent = WholeOrOff("Guard:RttRangePercent", d.RttRangePercent),
            LeastCoveragePercent = WholeOrOff("Guard:LeastCoveragePercent", d.LeastCoveragePercent),
            MovedPercent = WholeOrOff("Guard:MovedPercent", d.MovedPercent),
            UnservedRisePercent = WholeOrOff("Guard:UnservedRisePercent", d.UnservedRisePercent),
        };
    }
}
