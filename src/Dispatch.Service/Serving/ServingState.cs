using System.Diagnostics;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serving;

/// <summary>All that answers are made from, behind one reference. Immutable and thread-safe; a request captures it once.</summary>
/// <param name="Table">The table in force.</param>
/// <param name="Plan">The solve that made or confirmed it; null for a table read from disk that no solve has confirmed yet.</param>
public sealed record ServingState(RoutingTable Table, PlanSummary? Plan)
{
    /// <summary>Which nodes of the table are out by now. The holder keeps it.</summary>
    public Overlay Overlay { get; init; } = Overlay.None;

    /// <summary>Which hops of the relay network are reported to fail by now. The holder keeps it.</summary>
    public PathHealth Paths { get; init; } = PathHealth.Nothing;

    /// <summary>What is known about failures of this plan.</summary>
    public FailureSummary Failures { get; init; } = FailureSummary.None;

    /// <summary>The trace in which this process solved the table's content; nothing where it was taken from others or from disk, or nobody took traces then.</summary>
    public ActivityContext Solved { get; init; }

    /// <summary>Version of the live health overlay; 0 while nothing was ever said.</summary>
    public ulong OverlayVersion => Overlay.Version;
}
