namespace TrafficDispatch.Model;

/// <summary>What an address prefix says of its clients.</summary>
/// <param name="Region">Ordinal of their region.</param>
/// <param name="Network">Their network class, for instance <c>AS64500</c>; empty where it is not known.</param>
public sealed record ClientLocation(int Region, string Network);
