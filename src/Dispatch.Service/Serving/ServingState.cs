using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serving;

/// <summary>All that answers are made from, behind one reference. Immutable and thread-safe; a request captures it once.</summary>
/// <param name="Table">The table in force.</param>
/// <param name="Plan">The solve that made or confirmed it; null for a table read from disk that no solve has confirmed yet.</param>
public sealed record ServingState(RoutingTable Table, PlanSummary? Plan)
{
    /// <summary>Version of the live health overlay; 0 while there is none.</summary>
    public ulong OverlayVersion => 0;
}
