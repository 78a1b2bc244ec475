using TrafficDispatch.Model;
using TrafficDispatch.Solve.Relays;

namespace TrafficDispatch.Solve.Tables;

/// <summary>
/// The law of the viewers that an edge may get, upstream of it: where a bound jurisdiction's viewers may be served from abroad, what that
/// edge fetches for them must not leave their law either. Which viewer a stream is for is not known when it is fetched, so their law holds
/// for all that the edge fetches.
/// </summary>
internal sealed class ViewerLaw
{
    private readonly World _world;
    private readonly string[][] _jurisdictions;

    /// <summary>Reads who may be served where. O(bound jurisdictions × edges).</summary>
    public ViewerLaw(World world)
    {
        _world = world;
        // Regions of one jurisdiction and one rule see the same edges.
        ClientRegion[] bound = [.. world.Regions.Where(world.Law.Binds).DistinctBy(static r => (r.Jurisdiction, r.InJurisdictionOnly))];
        _jurisdictions = [.. world.Edges.Select(e => bound.Where(r => r.Jurisdiction != e.Jurisdiction && world.Law.Allows(r, e))
            .Select(static r => r.Jurisdiction).Distinct(StringComparer.Ordinal).ToArray())];
    }

    /// <summary>True where the law of every viewer that the edge may get allows every hop.</summary>
    public bool Allows(int edge, RelayPath path)
    {
        foreach (string viewers in _jurisdictions[edge])
        {
            if (!_world.Law.Allows(viewers, NodeKind.Origin, _world.Origins[path.Origin].Jurisdiction)) return false;
            foreach (int relay in path.Relays)
                if (!_world.Law.Allows(viewers, NodeKind.Relay, _world.Relays[relay].Jurisdiction)) return false;
        }
        return true;
    }
}
