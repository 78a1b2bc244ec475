using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Health;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Change;

/// <summary>Has the solve know what automation has taken out, so that capacity is planned without it instead of answers falling to backups for good.</summary>
internal static class Outages
{
    /// <summary>The world with what probes hold down among its health; the same object where they hold nothing down.</summary>
    public static World In(World world, Overlay? overlay)
    {
        if (overlay is null || !overlay.BySource.TryGetValue(HealthDesk.Probes, out ImmutableArray<HealthStatement> down)) return world;
        return new World(world.Facts with { Health = [.. world.Facts.Health, .. down] });
    }
}
