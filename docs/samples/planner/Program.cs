// What would it cost to lose a CDN, and what would a fifth more demand in Europe do on top?
// Run from the repository: tests/tools/sample.sh packs the library and runs this against the package.
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf;

string folder = args.Length > 0 ? args[0] : "data/world";
WorldLoadResult loaded = WorldFolder.Load(folder, WorldParts.Network);
if (loaded.World is null)
{
    foreach (WorldFault fault in loaded.Faults) Console.Error.WriteLine(fault);
    return 2;
}

ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(loaded.World, Snapshot.DefaultUtcHour));
Print("today", runner.BaselineFigures, Mbps.Zero);

Scenario[] scenarios =
[
    Scenario.Named("without cdn-bunny").Drop("operator:cdn-bunny"),
    Scenario.Named("and Europe up a fifth").Drop("operator:cdn-bunny").Scale("continent:EU", 1.2),
    Scenario.Named("own edges a tenth larger").Capacity("operator:own", 1.1),
];
foreach (Scenario scenario in scenarios)
{
    ScenarioResult result = runner.Run(scenario);
    if (result.Comparison is { } comparison) Print(scenario.Name, comparison.After, comparison.Moved);
    else Console.Error.WriteLine($"{scenario.Name}: {string.Join("; ", result.Faults)}");
}
return 0;

static void Print(string name, PlanFigures figures, Mbps moved) => Console.WriteLine(FormattableString.Invariant(
    $"{name}: {(double)figures.CostMicroUsdPerHour / 1e6:F0} USD/h, mean RTT {figures.MeanRtt.Milliseconds:F1} ms, p95 {figures.P95Rtt.Milliseconds:F1} ms, unserved {figures.Unserved.Gbps:F1} Gbit/s, moved {moved.Gbps:F1} Gbit/s"));
