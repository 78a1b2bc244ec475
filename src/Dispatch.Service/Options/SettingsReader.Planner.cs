using TrafficDispatch.Service.Planning;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of planners.</summary>
internal sealed partial class SettingsReader
{
    private PlannerSettings Planner()
    {
        PlannerSettings d = new();
        return new()
        {
            Runs = Whole("Planner:Runs") ?? d.Runs,
            Queue = Whole("Planner:Queue") ?? d.Queue,
            TimeLimit = Time("Planner:TimeLimit", d.TimeLimit),
            MaxCases = Whole("Planner:MaxCases") ?? d.MaxCases,
            ReadTimeout = Time("Planner:ReadTimeout", d.ReadTimeout),
        };
    }
}
