using TrafficDispatch.Model;

namespace TrafficDispatch.Solve.Relays;

/// <summary>
/// The law of the viewers that an edge may get, upstream of it: where a bound jurisdiction's viewers may be served from abroad, what that
/// edge fetches for them must not leave their law either. Which viewer a stream is for is not known when it is fetched, so their law holds
/// for all that the edge fetches.
/// </summary>
internal static class ViewerLaw
{
    /// <summary>By edge, the jurisdictions whose viewers it may get and that are not its own. O(bound jurisdictions × edges).</summary>
    public static string[][] Read(World world)
    {
        // Regions of one jurisdiction and one rule see the same edges.
        ClientRegion[] bound = [.. world.Regions.Where(world.Law.Binds).DistinctBy(static r => (r.Jurisdiction, r.InJurisdictionOnly))];
        return [.. world.Edges.Select(e => bound.Where(r => r.Jurisdiction != e.Jurisdiction && world.Law.Allows(r, e))
            .Select(static r => r.Jurisdiction).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray())];
    }
}
