using TrafficDispatch.Service.Planning;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>What planners may ask.</summary>
internal static partial class SettingCatalog
{
    private static SettingGroup Planning { get; } = Of(new PlannerSettings());

    private static SettingGroup Of(PlannerSettings d) => new("Planners", "[What-if over gRPC](../planning-grpc.md), beside serving and below it.",
    [
        Whole("Planner:Runs", 0, 16, d.Runs, "runs at a time; 0 lets nobody ask"),
        Whole("Planner:Queue", 0, 1000, d.Queue, "callers who may wait for their turn; more are turned away"),
        Time("Planner:TimeLimit", Seconds(1), Hours(24), d.TimeLimit, "how long a run may take; what is done until then is told"),
        Whole("Planner:MaxCases", 1, 10_000, d.MaxCases, "cases that a scenario may have"),
        Time("Planner:ReadTimeout", Seconds(1), Hours(1), d.ReadTimeout, "how long a message may wait for its reader before the run is ended"),
    ]);
}
