namespace TrafficDispatch.Solve.Synthetic;

/// <summary>Which parts of a dispatch problem a made-up network has.</summary>
public enum SyntheticShape
{
    /// <summary>Groups, edges, sink: a transport problem.</summary>
    OneLayer = 0,

    /// <summary>Relays and origins behind the edges, with capacities on edges, relays, origins and the links between them.</summary>
    Layered = 1,

    /// <summary>As the dispatch model makes them: traffic classes by priority, keep and move arcs against a previous assignment, sticky
    /// lower bounds, residency, peering caps, congestion steps, and a contract tree with floors, commits, overage and ceilings.</summary>
    Dispatch = 2,
}
