using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Guarding;

namespace TrafficDispatch.Service.Options.Catalog;

/// <summary>What is solved, when, and what a plan owes to the one before.</summary>
internal static partial class SettingCatalog
{
    private static SettingGroup World { get; } = new("The world and what is kept", "",
    [
        Path("World:Path", "the [world folder](../../data/world/README.md); read again when its files change", "`world` beside the program: the shipped world"),
        Path("World:CountryMmdb", "a country or city database (MaxMind DB) for a world without prefix tables"),
        Path("World:AsnMmdb", "a database of autonomous systems beside it; answers then carry the client's network"),
        Path("State:Path", "the last good tables, the billing books and the admin token; one process each",
            "`TrafficDispatch/state` in the user's local data (`~/.local/share` on Linux)"),
        Whole("State:KeptTables", 1, 100, StateSettings.KeptByDefault, "how many tables stay to go back to"),
    ]);

    private static SettingGroup Solving { get; } = Of(new SolveSettings(Minutes(5), null), new Reserve());

    private static SettingGroup Guarding { get; } = Of(new GuardLimits());

    private static SettingGroup Of(SolveSettings d, Reserve reserve) => new("The solve", "Argued for in [decision 11](../decisions/0011-the-service-holds-to-its-plan.md).",
    [
        Time("Solve:Interval", Seconds(1), Hours(24), d.Interval, "from one solve's start to the next"),
        Whole("Solve:UtcHour", 0, 23, null, "serve this hour's demand whatever the clock says"),
        Switch("Solve:Failures", d.Failures, "try every [failure](service.md#failures) and ship failovers"),
        Whole("Solve:MoveCost", 0, 1_000_000, d.Stability.MoveCost, "what moving a Mbit/s away from the plan in force is held to cost, micro-USD an hour"),
        WholeOrOff("Solve:OnloadPercent", 1, 100, d.Stability.OnloadPercent,
            "points of its usable capacity that an edge may gain in one cycle; yields where traffic would go unserved"),
        Whole("Solve:PacePercent", 1, 100, d.Stability.Pace.Percent, "part of each change that one cycle makes; 100 for all of it"),
        Whole("Solve:DeadBandPercent", 0, 100, d.Stability.Pace.DeadBandPercent, "changes of a group by less than this part of its demand are not made"),
        WholeOrOff("Solve:MoveBudgetPercent", 0, 100, d.Stability.MoveBudgetPercent,
            "part of all traffic that one cycle may move though it could stay; costs a dozen solves"),
        Time("Solve:ArrivalTime", TimeSpan.Zero, Hours(24), d.Stability.ArrivalTime,
            "how long traffic takes to follow a new plan; until then an edge is taken to carry a mixture of both"),
        OneOf("Solve:ReservePlaces", "off", "[room kept free](../failure.md#reserve) for the failure of a fault domain", "zone", "continent", "contract", "off"),
        Whole("Solve:ReserveCharge", 0, 1_000_000, reserve.Charge, "beside `Solve:ReservePlaces`: what a Mbit/s in that room is charged, micro-USD an hour"),
        WholeOrOff("Solve:MinMaxSlackPercent", 0, 100, d.MinMaxSlackPercent,
            "edges keep within the least utilisation that serves as much, plus this slack; costs a dozen solves"),
        WholeOrOff("Solve:MaxRttMs", 1, 100_000, null, "farthest edge of any region"),
        Whole("Solve:Candidates", 1, 65_535, SolveOptions.Default.Candidates, "edges a group starts with; the result does not depend on it"),
        Switch("Solve:Bursts", d.Bursts, "contracts may use the free slots of their month, no faster than the month passes"),
    ]);

    // Rises have no natural end; 100,000 only keeps typing errors out.
    private static SettingGroup Of(GuardLimits d) => new("The guard", "What is refused before it is published ([how](../guard.md)). Percent; `off` takes the rule away.",
    [
        WholeOrOff("Guard:DemandFallPercent", 0, 100, d.DemandFallPercent, "fall of total demand, against the last accepted facts at the same hour"),
        WholeOrOff("Guard:DemandRisePercent", 0, 100_000, d.DemandRisePercent, "rise of it"),
        WholeOrOff("Guard:CapacityFallPercent", 0, 100, d.CapacityFallPercent, "fall of total stated capacity"),
        WholeOrOff("Guard:CapacityRisePercent", 0, 100_000, d.CapacityRisePercent, "rise of it"),
        WholeOrOff("Guard:VanishedPercent", 0, 100, d.VanishedPercent, "regions, edges or links that are gone; one of each may always go"),
        WholeOrOff("Guard:RttChangedPercent", 0, 100, d.RttChangedPercent, "round trips ten times as long or short as before"),
        WholeOrOff("Guard:RttRangePercent", 0, 100, d.RttRangePercent, "round trips below 0.01 ms or above 5 s"),
        WholeOrOff("Guard:LeastCoveragePercent", 0, 100, d.LeastCoveragePercent, "measured groups with fresh measurements, where anything measures: at least"),
        WholeOrOff("Guard:MovedPercent", 0, 100, d.MovedPercent, "traffic taken from edges that may go on serving it"),
        WholeOrOff("Guard:UnservedRisePercent", 0, 100, d.UnservedRisePercent, "traffic that goes unserved and that neither more demand nor dead edges explain"),
    ]);
}
