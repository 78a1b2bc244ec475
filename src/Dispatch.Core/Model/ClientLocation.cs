namespace TrafficDispatch.Model;

/// <summary>Where a client is, as far as addresses tell.</summary>
/// <param name="Region">Ordinal of its region in the world.</param>
/// <param name="Network">Its access network, for instance <c>AS64500</c>; empty where unknown.</param>
public sealed record ClientLocation(int Region, string Network);
