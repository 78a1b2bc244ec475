using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Serving;

/// <summary>Brings the overlay into what a table is asked.</summary>
internal static class OverlayRequests
{
    /// <summary>A request with what is known now about the edges.</summary>
    public static DecisionRequest Under(this DecisionRequest request, Overlay overlay) => request with
    {
        Down = overlay.Down,
        Drained = overlay.Drained,
        Kept = overlay.Kept,
        Full = overlay.Full,
    };
}
