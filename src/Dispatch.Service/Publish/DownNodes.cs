using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Publish;

/// <summary>Which nodes the facts say cannot serve. The table lists such edges only where nothing else is left.</summary>
internal static class DownNodes
{
    /// <summary>The bits by node ordinal: edges, then relays, then origins.</summary>
    public static ImmutableArray<ulong> Of(World world)
    {
        IEnumerable<NodeHealth> nodes = world.Edges.Select(world.Health.Of).Concat(world.Relays.Select(world.Health.Of)).Concat(world.Origins.Select(world.Health.Of));
        ulong[] down = new ulong[(world.Edges.Length + world.Relays.Length + world.Origins.Length + 63) / 64];
        int node = 0;
        foreach (NodeHealth health in nodes)
        {
            if (!health.CanServe) down[node >> 6] |= 1UL << (node & 63);
            node++;
        }
        return ImmutableArray.Create(down);
    }
}
