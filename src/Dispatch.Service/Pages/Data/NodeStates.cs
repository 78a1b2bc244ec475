using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>What nodes are up to by now: by the table and by the overlay above it.</summary>
internal static class NodeStates
{
    /// <summary>0 up, 1 down, 2 drained; by node.</summary>
    /// <param name="state">What is in force.</param>
    /// <param name="first">First node: edges come first, then relays, then origins.</param>
    /// <param name="count">How many.</param>
    public static long[] Of(ServingState state, int first, int count) => [.. Enumerable.Range(first, count).Select(n => (long)Of(state, n))];

    /// <summary>State of one node.</summary>
    public static HealthState Of(ServingState state, int node)
    {
        HealthState known = node < state.Table.Content.EdgeCount ? state.Table.Content.Edges[node].State : HealthState.Up;
        HealthState now = IsSet(state.Overlay.Drained, node) ? HealthState.Drained : IsSet(state.Overlay.Down, node) ? HealthState.Down : HealthState.Up;
        return (HealthState)Math.Max((int)known, (int)now);
    }

    /// <summary>The word for it.</summary>
    public static string Word(HealthState state) => state switch
    {
        HealthState.Down => "down",
        HealthState.Drained => "drained",
        _ => "up",
    };

    private static bool IsSet(ReadOnlySpan<ulong> bits, int node) => node >> 6 < bits.Length && (bits[node >> 6] >> (node & 63) & 1) != 0;
}
