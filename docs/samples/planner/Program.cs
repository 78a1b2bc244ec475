// What would it cost to lose a CDN? Where would more capacity help most? What does a millisecond cost?
// Run from the repository: tests/tools/sample.sh packs the library and runs this against the package.
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Sweeps;
using TrafficDispatch.WhatIf.Time;
using TrafficDispatch.WhatIf.Tradeoffs;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = args.Length > 0 ? args[0] : "data/world";
WorldLoadResult loaded = WorldFolder.Load(folder, WorldParts.Network);
if (loaded.World is null)
{
    foreach (WorldFault fault in loaded.Faults) Console.Error.WriteLine(fault);
    return 2;
}

// The baseline is solved once; every question below starts from where that solve ended.
ScenarioRunner runner = ScenarioRunner.Start(new Snapshot(loaded.World, Snapshot.DefaultUtcHour));
Print("today", runner.BaselineFigures);

// Scenarios are values: they combine, and nothing of the world is changed.
Scenario without = Scenario.Named("without cdn-bunny").Fail("operator:cdn-bunny");
Scenario surge = Scenario.Named("Europe up a fifth").Surge("continent:EU", 1.2);
foreach (Scenario scenario in (Scenario[])[without, surge, without.And(surge), Scenario.Named("own edges a tenth larger").Capacity("operator:own", 1.1)])
{
    ScenarioResult result = runner.Run(scenario);
    if (result.Comparison is not { } change)
    {
        Console.Error.WriteLine($"{scenario.Name}: {string.Join("; ", result.Faults)}");
        return 2;
    }
    Print(scenario.Name, change.After);
    BillChange bill = change.Bills[0];
    RoomChange full = change.Room[0];
    Console.WriteLine($"  moved {change.Moved.Gbps:F1} Gbit/s; bill that changes most: {bill.Id} {(double)bill.Change / 1e6:+0;-0} USD/h; dearest room: {full.Id}, {(full.After is { Relieves: true } ? "which would serve more" : $"{(full.After?.MicroUsdPerMbpsHour ?? 0) / 1e3:F2} USD/h for a Gbit/s more")}");
}

// Every operator fails once, with and without the surge. A journal would let a long sweep be taken up again.
Scenario[] cases = [.. loaded.World.Edges.Select(e => e.Operator).Distinct().SelectMany(o => new[] { Scenario.Named($"{o} fails").Fail($"operator:{o}"), Scenario.Named($"{o} fails, surge").Fail($"operator:{o}").And(surge) })];
SweepReport sweep = ScenarioSweep.Run(runner, cases, new SweepOptions { Progress = p => Console.Error.WriteLine($"{p.Done} of {p.Of}") });
foreach (SweepRow row in sweep.WorstFirst().Take(3)) Console.WriteLine($"sweep: {row.Name}: unserved {row.Figures!.Unserved.Gbps:F1} Gbit/s, {(double)row.Figures.CostMicroUsdPerHour / 1e6:F0} USD/h");

// A day, what a millisecond costs, and where 100 Gbit/s more would do most.
DayComparison day = DayComparison.Run(runner, without, [4, 12, 20]).Day!;
Console.WriteLine($"day: worst hour {day.Worst.UtcHour:00}:00 UTC, {(double)(day.CostMicroUsdAfter - day.CostMicroUsdBefore) / 1e6:+0;-0} USD over three hours");
ParetoCurve curve = ParetoCurve.Run(runner, Scenario.Named("today"), [0, 1, 10]).Curve!;
foreach (ParetoPoint point in curve.Front) Console.WriteLine($"latency × {point.Factor}: {(double)point.Figures.CostMicroUsdPerHour / 1e6:F0} USD/h, mean {point.Figures.MeanRtt.Milliseconds:F1} ms");
CapacityAdvice advice = CapacitySearch.Run(runner, without, new CapacityQuestion { Total = new(100), Piece = new(50) }).Advice!;
foreach (CapacityPiece piece in advice.Pieces) Console.WriteLine($"add {piece.Added.Value:F0} Gbit/s at {piece.Id}: saves {piece.UsdPerGbpsMonth:F0} USD a Gbit/s and month");
return 0;

static void Print(string name, PlanFigures figures) => Console.WriteLine(
    $"{name}: {(double)figures.CostMicroUsdPerHour / 1e6:F0} USD/h, mean RTT {figures.MeanRtt.Milliseconds:F1} ms, p95 {figures.P95Rtt.Milliseconds:F1} ms, unserved {figures.Unserved.Gbps:F1} Gbit/s");
