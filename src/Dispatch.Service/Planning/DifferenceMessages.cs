using System.Collections.Immutable;
using Google.Protobuf.Collections;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Baselines;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Results;
using Wire = TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Planning;

/// <summary>Puts the difference between two optima into a message, each list cut to so many rows, with sums of what is left out.</summary>
internal static class DifferenceMessages
{
    /// <summary>The whole difference.</summary>
    /// <param name="name">The case.</param>
    /// <param name="both">Both optima.</param>
    /// <param name="most">Rows of each list.</param>
    public static ScenarioDifference Of(string name, ScenarioComparison both, int most)
    {
        SolveTrace trace = both.Assignment.Trace;
        ScenarioDifference message = new()
        {
            CaseName = name,
            Before = PlanMessages.Of(both.Before),
            After = PlanMessages.Of(both.After),
            MovedMbps = both.Moved.Value,
            Kernel = trace.Kernel,
            SolveMs = trace.SolveTime.TotalMilliseconds,
            CertificateValid = trace.Certificate.Valid,
            Continued = trace.IsContinued,
        };
        message.EdgesLeftOut = Fill(message.Edges, both.Edges, most, Of, static e => Math.Abs(e.Change.Value));
        message.RegionsLeftOut = Fill(message.Regions, both.Regions, most, Of, static r => r.Moved.Value);
        message.BillsLeftOut = Fill(message.Bills, both.Bills, most, Of, static b => Math.Abs(b.LoadAfter.Value - b.LoadBefore.Value), static b => (long)b.Change);
        message.RoomLeftOut = Fill(message.Room, both.Room, most, Of);
        return message;
    }

    /// <summary>Adds what simpler rules make of both sides. O(groups × edges).</summary>
    public static void AddBaselines(ScenarioDifference message, ScenarioRunner runner, ScenarioComparison both)
    {
        message.BaselinesBefore.Add(Of(runner.ReportBefore()));
        message.BaselinesAfter.Add(Of(both.ReportAfter()));

        static IEnumerable<Wire.Baseline> Of(OptimumReport report) => report.Baselines.Select(PlanMessages.Of);
    }

    private static RowsLeftOut? Fill<TRow, TMessage>(
        RepeatedField<TMessage> rows, ImmutableArray<TRow> all, int most, Func<TRow, TMessage> of, Func<TRow, long>? mbps = null, Func<TRow, long>? microUsd = null)
    {
        rows.Add(all.Take(most).Select(of));
        if (all.Length <= most) return null;
        RowsLeftOut left = new() { Rows = (uint)(all.Length - most) };
        foreach (TRow row in all.Skip(most)) (left.Mbps, left.MicroUsdPerHour) = (left.Mbps + (mbps?.Invoke(row) ?? 0), left.MicroUsdPerHour + (microUsd?.Invoke(row) ?? 0));
        return left;
    }

    private static EdgeDifference Of(EdgeChange edge) => new()
    {
        EdgeId = edge.EdgeId,
        BeforeMbps = edge.Before.Value,
        AfterMbps = edge.After.Value,
        CapacityBeforeMbps = edge.CapacityBefore.Value,
        CapacityAfterMbps = edge.CapacityAfter.Value,
    };

    private static RegionDifference Of(RegionChange region) => new()
    {
        RegionId = region.RegionId,
        DemandBeforeMbps = region.DemandBefore.Value,
        DemandAfterMbps = region.DemandAfter.Value,
        UnservedBeforeMbps = region.UnservedBefore.Value,
        UnservedAfterMbps = region.UnservedAfter.Value,
        MovedMbps = region.Moved.Value,
        LatencyBefore = WhatIfMessages.Of(region.LatencyBefore),
        LatencyAfter = WhatIfMessages.Of(region.LatencyAfter),
    };

    private static BillDifference Of(BillChange bill) => new()
    {
        Kind = bill.Kind == TrafficDispatch.WhatIf.Results.BillKind.Contract ? Wire.BillKind.Contract : Wire.BillKind.Operator,
        Id = bill.Id,
        BeforeMbps = bill.LoadBefore.Value,
        AfterMbps = bill.LoadAfter.Value,
        BeforeMicroUsdPerHour = (long)bill.MicroUsdPerHourBefore,
        AfterMicroUsdPerHour = (long)bill.MicroUsdPerHourAfter,
    };

    private static RoomDifference Of(RoomChange room) => new() { Kind = WhatIfMessages.Of(room.Kind), Id = room.Id, Before = Of(room.Before), After = Of(room.After) };

    private static Wire.RoomFigures? Of(TrafficDispatch.WhatIf.Results.RoomFigures? room) =>
        room is not { } r ? null : new() { LoadMbps = r.Load.Value, RoomMbps = r.Room.Value, MicroUsdPerMbpsHour = r.MicroUsdPerMbpsHour, Relieves = r.Relieves };
}
