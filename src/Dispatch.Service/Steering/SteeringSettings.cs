using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Service.Steering;

/// <summary>How players are steered. Immutable.</summary>
public sealed record SteeringSettings
{
    /// <summary>The pathway of the playlists that the others are clones of; default <c>.</c>, which is where HLS puts variants without a pathway.</summary>
    public string BasePathway { get; init; } = ".";

    /// <summary>True (default) to describe every edge as a clone of the base pathway; false where playlists name the edges as pathways themselves.</summary>
    public bool Clones { get; init; } = true;

    /// <summary>Host name of an edge, with <c>{edge}</c> and <c>{service}</c> in it; empty (default) for the edge's own endpoint, which may be an address.</summary>
    public string Host { get; init; } = "";

    /// <summary>Most pathways in an answer, 1 to 16; default 3.</summary>
    public int Pathways { get; init; } = 3;

    /// <summary>True (default) to keep a player where it is while the plan still sends some of its group there.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>A player that reports less throughput than this, Mbit/s, is offered another pathway first; 0 (default) never.</summary>
    public double LowMbps { get; init; }

    /// <summary>True to tell players of unknown services to stop steering (410); false (default) for 404.</summary>
    public bool UnknownIsGone { get; init; }

    /// <summary>Proxies whose <c>X-Forwarded-For</c> is believed; none by default.</summary>
    public ImmutableArray<IpPrefix> TrustedProxies { get; init; } = [];
}
