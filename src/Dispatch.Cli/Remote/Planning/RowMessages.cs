using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.WhatIf.Results;
using TrafficDispatch.WhatIf.Sweeps;
using Figures = TrafficDispatch.Solve.PlanFigures;
using Library = TrafficDispatch.WhatIf;

namespace TrafficDispatch.Cli.Remote.Planning;

/// <summary>Turns messages of a planner's answer into the library's rows.</summary>
internal static class RowMessages
{
    public static Figures Of(PlanFigures f) => new(
        new(f.DemandMbps), new(f.UnservedMbps), f.CostMicroUsdPerHour, new(f.MeanRttUs), new(f.P50RttUs), new(f.P95RttUs), new(f.P99RttUs));

    public static SweepRow Of(ScenarioCase c) => new(c.Name, c.Figures is null ? null : Of(c.Figures), new(c.MovedMbps), new(c.UnservedMoreMbps), c.Absorbed, [.. c.Faults]);

    public static EdgeChange Of(EdgeDifference e) => new(e.EdgeId, new(e.BeforeMbps), new(e.AfterMbps), new(e.CapacityBeforeMbps), new(e.CapacityAfterMbps));

    public static BillChange Of(BillDifference b) => new(
        b.Kind == Protocol.V1.BillKind.Contract ? Library.Results.BillKind.Contract : Library.Results.BillKind.Operator, b.Id, new(b.BeforeMbps), new(b.AfterMbps), b.BeforeMicroUsdPerHour, b.AfterMicroUsdPerHour);

    public static RegionChange Of(RegionDifference r) => new(
        r.RegionId, new(r.DemandBeforeMbps), new(r.DemandAfterMbps), new(r.UnservedBeforeMbps), new(r.UnservedAfterMbps), new(r.MovedMbps), Of(r.LatencyBefore), Of(r.LatencyAfter));

    public static RoomChange Of(RoomDifference r) => new(Of(r.Kind), r.Id, Of(r.Before), Of(r.After));

    public static Library.Results.RoomKind Of(Protocol.V1.RoomKind kind) => kind == Protocol.V1.RoomKind.Edge ? Library.Results.RoomKind.Edge : Library.Results.RoomKind.Contract;

    public static Library.Tradeoffs.CapacityPiece Of(CapacityPiece p) => new(
        Of(p.Kind), p.Id, new Gbps(p.AddedMbps / 1000.0), Of(p.Before), Of(p.After), Int128.Parse(p.SavedMicroUsdPerHour, CultureInfo.InvariantCulture), p.ServedSavedMicroUsdPerHour);

    private static Library.Results.LatencyFigures? Of(Protocol.V1.LatencyFigures? l) => l is null ? null : new(new(l.MeanRttUs), new(l.P50RttUs), new(l.P95RttUs), new(l.P99RttUs));

    private static Library.Results.RoomFigures? Of(Protocol.V1.RoomFigures? r) => r is null ? null : new(new(r.LoadMbps), new(r.RoomMbps), r.MicroUsdPerMbpsHour, r.Relieves);
}
