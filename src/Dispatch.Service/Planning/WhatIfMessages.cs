using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Solve.Billing;
using TrafficDispatch.WhatIf.Time;
using TrafficDispatch.WhatIf.Tradeoffs;
using Advice = TrafficDispatch.WhatIf.Tradeoffs.CapacityAdvice;
using Latency = TrafficDispatch.WhatIf.Results.LatencyFigures;
using Piece = TrafficDispatch.WhatIf.Tradeoffs.CapacityPiece;
using Wire = TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Planning;

/// <summary>Puts what the library finds into messages.</summary>
internal static class WhatIfMessages
{
    /// <summary>An hour of a day.</summary>
    public static ScenarioHour Of(string name, HourComparison hour) => new()
    {
        CaseName = name,
        UtcHour = (uint)hour.UtcHour,
        Before = PlanMessages.Of(hour.Before),
        After = PlanMessages.Of(hour.After),
        MovedMbps = hour.Moved.Value,
        FullEdges = (uint)hour.FullEdges,
    };

    /// <summary>The curve of money against latency.</summary>
    public static ScenarioPareto Of(string name, ParetoCurve curve)
    {
        ScenarioPareto message = new() { CaseName = name };
        message.Points.Add(curve.Points.Select(static p => new Wire.ParetoPoint { Factor = p.Factor, Figures = PlanMessages.Of(p.Figures), Dominated = p.IsDominated }));
        return message;
    }

    /// <summary>A piece of capacity.</summary>
    public static Wire.CapacityPiece Of(string name, Piece piece) => new()
    {
        CaseName = name,
        Kind = Of(piece.Kind),
        Id = piece.Id,
        AddedMbps = piece.Added.ToMbps().Value,
        Before = PlanMessages.Of(piece.Before),
        After = PlanMessages.Of(piece.After),
        SavedMicroUsdPerHour = piece.SavedMicroUsdPerHour.ToString(CultureInfo.InvariantCulture),
        ServedSavedMicroUsdPerHour = (long)piece.ServedSavedMicroUsdPerHour,
    };

    /// <summary>Where to add capacity.</summary>
    public static Wire.CapacityAdvice Of(string name, Advice advice)
    {
        Wire.CapacityAdvice message = new() { CaseName = name, Start = PlanMessages.Of(advice.Start), Stopped = advice.Stopped };
        message.Places.Add(advice.ByPlace.Select(static p => new CapacityPlace { Kind = Of(p.Kind), Id = p.Id, AddedMbps = p.Added.ToMbps().Value }));
        return message;
    }

    /// <summary>A month on both sides.</summary>
    public static Wire.ScenarioMonth Of(string name, TrafficDispatch.WhatIf.Files.MonthQuestion question, TrafficDispatch.WhatIf.Time.ScenarioMonth month) => new()
    {
        CaseName = name,
        Days = (uint)question.Days,
        SlotMinutes = (uint)question.SlotMinutes,
        Seed = (uint)question.Seed,
        Before = Of(month.Before),
        After = Of(month.After),
    };

    /// <summary>What has room.</summary>
    public static Wire.RoomKind Of(TrafficDispatch.WhatIf.Results.RoomKind kind) => kind switch
    {
        TrafficDispatch.WhatIf.Results.RoomKind.Edge => Wire.RoomKind.Edge,
        TrafficDispatch.WhatIf.Results.RoomKind.Contract => Wire.RoomKind.Contract,
        _ => Wire.RoomKind.Unspecified,
    };

    /// <summary>Round trips.</summary>
    public static Wire.LatencyFigures? Of(Latency? latency) => latency is not { } l ? null : new()
    {
        MeanRttUs = l.Mean.Value,
        P50RttUs = l.P50.Value,
        P95RttUs = l.P95.Value,
        P99RttUs = l.P99.Value,
    };

    private static MonthSide Of(MonthComparison month)
    {
        MonthFigures figures = month.Aware;
        MonthSide side = new()
        {
            TotalMicroUsd = figures.TotalMicroUsd,
            OutsideMicroUsd = figures.OutsideMicroUsd,
            DemandMb = Megabytes(figures.DemandGb),
            UnservedMb = Megabytes(figures.UnservedGb),
            FloorShortMb = Megabytes(figures.FloorShortGb),
            MeanRttUs = new Milliseconds(figures.MeanRttMs).ToMicroseconds().Value,
            P95RttUs = new Milliseconds(figures.P95RttMs).ToMicroseconds().Value,
            Slots = (uint)figures.Slots,
            ProvedSlots = (uint)figures.ProvedSlots,
            UnawareTotalMicroUsd = month.Naive.TotalMicroUsd,
        };
        side.Bills.Add(figures.Bills.Select((bill, i) => new MonthBill
        {
            ContractId = bill.ContractId,
            BilledMbps = bill.Level.Value,
            CommitMicroUsd = bill.CommitMicroUsd,
            OverageMicroUsd = bill.OverageMicroUsd,
            FreeSlotsUsed = (uint)figures.BurstSlots[i],
        }));
        return side;
    }

    private static long Megabytes(double gigabytes) => checked((long)Math.Round(gigabytes * 1000, MidpointRounding.ToEven));
}
