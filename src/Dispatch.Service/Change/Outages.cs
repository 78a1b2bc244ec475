using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Change;

/// <summary>Has the solve know what operators and automation have taken out, so that capacity is planned without it instead of answers falling to backups for good.</summary>
internal static class Outages
{
    /// <summary>The world with what operators say and probes hold down among its health; the same object where they say nothing.</summary>
    public static World In(World world, TableHolder holder)
    {
        IReadOnlyList<HealthStatement> said = holder.Overrides;
        ImmutableArray<HealthStatement> down = holder.Current is { } state && state.Overlay.BySource.TryGetValue(HealthDesk.Probes, out ImmutableArray<HealthStatement> probed) ? probed : [];
        return said.Count + down.Length == 0 ? world : new World(world.Facts with { Health = [.. world.Facts.Health, .. said, .. down] });
    }
}
