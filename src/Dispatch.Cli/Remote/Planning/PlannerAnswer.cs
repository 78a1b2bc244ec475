using System.Globalization;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Cli.Output.Sheets;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.WhatIf.Sweeps;
using Figures = TrafficDispatch.Solve.PlanFigures;
using HourComparison = TrafficDispatch.WhatIf.Time.HourComparison;

namespace TrafficDispatch.Cli.Remote.Planning;

/// <summary>Gathers what a service answers a planner, as the same rows that the library makes here. Used by one call.</summary>
/// <param name="progress">Where what it is at is shown.</param>
internal sealed class PlannerAnswer(ProgressLine progress)
{
    private readonly List<HourComparison> _hours = [];
    private readonly List<WhatIf.Tradeoffs.CapacityPiece> _pieces = [];
    private ScenarioDifference? _difference;
    private ScenarioMonth? _month;
    private ScenarioPareto? _pareto;

    /// <summary>What the run began with; null before it did.</summary>
    public WhatIfStarted? Started { get; private set; }

    /// <summary>The cases.</summary>
    public List<SweepRow> Cases { get; } = [];

    /// <summary>How the run ended; null where it did not say.</summary>
    public WhatIfDone? Done { get; private set; }

    /// <summary>What the capacity search came to; null where none was asked for.</summary>
    public CapacityAdvice? Advice { get; private set; }

    /// <summary>A fault that only a solve shows; null for none.</summary>
    public string? Fault => Cases is [{ Figures: null, Faults: [var first, ..] }] ? first : null;

    /// <summary>Takes one message.</summary>
    public void Take(WhatIfUpdate update)
    {
        switch (update.UpdateCase)
        {
            case WhatIfUpdate.UpdateOneofCase.Queued:
                progress.Report(string.Create(CultureInfo.InvariantCulture, $"waiting, number {update.Queued.Place} in line"));
                break;
            case WhatIfUpdate.UpdateOneofCase.Started:
                Started = update.Started;
                break;
            case WhatIfUpdate.UpdateOneofCase.Progress:
                progress.Report(update.Progress.Of > 0 ? string.Create(CultureInfo.InvariantCulture, $"{update.Progress.What}: {update.Progress.Done} of {update.Progress.Of}") : update.Progress.What);
                break;
            case WhatIfUpdate.UpdateOneofCase.CaseResult:
                Cases.Add(RowMessages.Of(update.CaseResult));
                break;
            case WhatIfUpdate.UpdateOneofCase.Difference:
                _difference = update.Difference;
                break;
            case WhatIfUpdate.UpdateOneofCase.Hour:
                _hours.Add(new((int)update.Hour.UtcHour, RowMessages.Of(update.Hour.Before), RowMessages.Of(update.Hour.After), new(update.Hour.MovedMbps), (int)update.Hour.FullEdges));
                break;
            case WhatIfUpdate.UpdateOneofCase.Month:
                _month = update.Month;
                break;
            case WhatIfUpdate.UpdateOneofCase.Pareto:
                _pareto = update.Pareto;
                break;
            case WhatIfUpdate.UpdateOneofCase.CapacityPiece:
                _pieces.Add(RowMessages.Of(update.CapacityPiece));
                break;
            case WhatIfUpdate.UpdateOneofCase.CapacityAdvice:
                Advice = update.CapacityAdvice;
                break;
            case WhatIfUpdate.UpdateOneofCase.Done:
                Done = update.Done;
                break;
            default:
                break; // a newer service may say more than this program knows
        }
    }

    /// <summary>All that was gathered, as sheets: those of a single case, of a sweep or of a capacity search, whichever came.</summary>
    /// <param name="title">What it is about.</param>
    public IReadOnlyList<Sheet> Sheets(string title)
    {
        List<Sheet> sheets = [];
        Figures baseline = RowMessages.Of(Started!.Baseline);
        if (Advice is { } advice)
        {
            return
            [
                WhatIfSheets.Pieces(_pieces), WhatIfSheets.Places([.. advice.Places.Select(static p => (RowMessages.Of(p.Kind), p.Id, new Gbps(p.AddedMbps / 1000.0)))]),
                FigureSheets.Change(title, RowMessages.Of(advice.Start), _pieces.Count == 0 ? RowMessages.Of(advice.Start) : _pieces[^1].After),
            ];
        }
        if (_difference is { } d)
        {
            sheets.Add(FigureSheets.Change(title, RowMessages.Of(d.Before), RowMessages.Of(d.After)));
            sheets.AddRange(WhatIfSheets.Difference(d.Bills.Select(RowMessages.Of), d.Room.Select(RowMessages.Of), d.Regions.Select(RowMessages.Of), d.Edges.Select(RowMessages.Of)));
        }
        else
        {
            sheets.Add(WhatIfSheets.Cases(title + ", worst first", new SweepReport(baseline, [.. Cases], 0, TimeSpan.Zero).WorstFirst()));
            sheets.Add(FigureSheets.Beside("the plan in force", [("baseline", baseline)]));
        }
        if (_hours.Count > 0) sheets.Add(WhatIfSheets.Hours(_hours));
        if (_month is { } m) sheets.Add(WhatIfSheets.Month(Bills(m.Before), m.Before.OutsideMicroUsd, Bills(m.After), m.After.OutsideMicroUsd));
        if (_pareto is { } curve) sheets.Add(WhatIfSheets.Pareto(curve.Points.Select(static p => new WhatIf.Tradeoffs.ParetoPoint(p.Factor, RowMessages.Of(p.Figures), p.Dominated))));
        return sheets;
    }

    /// <summary>A last line for people.</summary>
    public string Closing()
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"table {Started!.TableEpoch}.{Started.TableVersion} at {Started.UtcHour:00}:00 UTC; the service took {(Done?.ElapsedMs ?? 0) / 1000.0:F1} s");
        if (Advice is { } advice) return $"{advice.Stopped} {where}";
        if (_difference is not { } d) return string.Create(CultureInfo.InvariantCulture, $"{Cases.Count(static c => c.IsAbsorbed)} of {Cases.Count} cases shed nothing that is served today; {where}");
        return string.Create(CultureInfo.InvariantCulture, $"{d.MovedMbps / 1000.0:F2} Gbit/s moved; {(d.CertificateValid ? "proved optimal" : "not proved")} by {d.Kernel} in {d.SolveMs:F0} ms; {where}");
    }

    private static Dictionary<string, long> Bills(MonthSide side) => side.Bills.ToDictionary(static b => b.ContractId, static b => b.CommitMicroUsd + b.OverageMicroUsd, StringComparer.Ordinal);
}
