namespace TrafficDispatch.Model.Files;

/// <summary>What a load reads. <c>regions.csv</c> is always read: everything else names its ids.</summary>
[Flags]
public enum WorldParts
{
    /// <summary>Only the regions.</summary>
    Regions = 0,

    /// <summary>Everything but the address prefixes: nodes, distances, links, demand, loss, contracts, services, law, health and streams.</summary>
    Network = 1,

    /// <summary>The address prefixes.</summary>
    Prefixes = 2,

    /// <summary>All of it.</summary>
    All = Network | Prefixes,
}
