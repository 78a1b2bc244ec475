using Google.Protobuf.Collections;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Watch;

/// <summary>The overlay as a message: what it says about edges.</summary>
internal static class OverlayMessages
{
    /// <summary>The overlay of a state, in the ordinals of its table. O(edges).</summary>
    public static OverlayState Of(ServingState state)
    {
        Overlay overlay = state.Overlay;
        int edges = state.Table.Content.EdgeCount;
        OverlayState message = new() { Version = overlay.Version };
        Add(overlay.Down, edges, message.Down);
        Add(overlay.Drained, edges, message.Drained);
        Add(overlay.Full, edges, message.Full);
        for (int e = 0; e < overlay.Kept.Length; e++)
        {
            if (overlay.Kept[e] >= 100) continue;
            message.KeptEdges.Add((uint)e);
            message.KeptPercent.Add(overlay.Kept[e]);
        }
        return message;
    }

    private static void Add(ReadOnlySpan<ulong> bits, int edges, RepeatedField<uint> ordinals)
    {
        for (int e = 0; e < edges && e >> 6 < bits.Length; e++)
            if ((bits[e >> 6] >> (e & 63) & 1) != 0) ordinals.Add((uint)e);
    }
}
