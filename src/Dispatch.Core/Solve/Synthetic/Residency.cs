namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Law: some locations may be served inside their own jurisdiction only, whatever lies nearer.</summary>
internal sealed class Residency
{
    private const double BoundLocations = 0.08;
    private readonly Clients _clients;
    private readonly int[] _edgeLaw;
    private readonly bool[] _bound;

    /// <summary>Draws which locations are bound; a jurisdiction is an eighth of the globe.</summary>
    public Residency(Clients clients, EdgeFleet edges, int seed)
    {
        SplitMix random = new(seed, RandomStream.Law);
        _clients = clients;
        _edgeLaw = Array.ConvertAll(edges.Places, static p => p.Octant);
        _bound = Array.ConvertAll(clients.Places, _ => random.Uniform() < BoundLocations);
    }

    /// <summary>Whether an edge may serve a group.</summary>
    public bool Allows(int group, int edge)
    {
        int location = _clients.Location(group);
        return !_bound[location] || _clients.Places[location].Octant == _edgeLaw[edge];
    }
}
