using System.Collections.Immutable;

namespace TrafficDispatch.Model;

/// <summary>A kind of traffic with its own latency wish, reach and priority, for instance live or bulk.</summary>
/// <param name="Id">Unique id.</param>
/// <param name="Priority">1 is shed last; larger numbers are shed first. 1 to 9.</param>
/// <param name="Share">This class's part of every region's demand, 0 to 1; all classes sum to 1.</param>
/// <param name="LatencyWeight">What a millisecond of round trip is held to be worth, in micro-USD per Mbit/s and hour. At least 0.</param>
/// <param name="MaxRtt">Edges beyond this round-trip time are not eligible; null for no bound.</param>
public sealed record TrafficClass(string Id, int Priority, double Share, double LatencyWeight, Milliseconds? MaxRtt)
{
    /// <summary>The one class of a world that names none: all demand, priority 1, 10 micro-USD a millisecond.</summary>
    public static readonly TrafficClass Default = new("default", 1, 1.0, 10.0, null);

    /// <summary>What a hundredth of packet loss is held to be worth, in micro-USD per Mbit/s and hour. At least 0.</summary>
    public double LossWeight { get; init; }

    /// <summary>Edges with more loss are not eligible, a fraction; null for no bound.</summary>
    public double? MaxLoss { get; init; }

    /// <summary>Part of what an edge served before whose sessions stay with it, 0 to 1.</summary>
    public double StickyShare { get; init; }
}

/// <summary>What a service's clients get while demand exceeds what may serve them.</summary>
public enum OverCapacityPolicy
{
    /// <summary>The best allowed edge all the same, with reason <c>over_capacity</c>.</summary>
    Spill,

    /// <summary>A refusal: the share beyond capacity is turned away.</summary>
    Shed,
}

/// <summary>What a service's clients get while every allowed edge is down.</summary>
public enum AllDownPolicy
{
    /// <summary>Allowed edges that are down all the same: the planned ones, else the nearest. Drained ones never.</summary>
    LastGood,

    /// <summary>The service's fixed fallback host.</summary>
    Fallback,

    /// <summary>Nothing: an empty answer.</summary>
    NoData,
}

/// <summary>What clients ask for by name: a set of host names answered by the same rules.</summary>
/// <param name="Id">Unique id, for instance <c>live</c>.</param>
/// <param name="ClassId">The traffic class of its demand.</param>
/// <param name="Hostnames">The names it answers under.</param>
/// <param name="Operators">Operators whose edges may serve it; empty for all.</param>
/// <param name="Edges">Edges that may serve it; empty for all of <paramref name="Operators"/>.</param>
/// <param name="TtlSeconds">How long an answer holds, 5 to 300 s.</param>
/// <param name="ClassShare">Its part of its class's demand, relative to the other services of the class. At least 0.</param>
/// <param name="OverCapacity">Policy when demand exceeds capacity.</param>
/// <param name="AllDown">Policy when every allowed edge is down.</param>
/// <param name="FallbackHost">Host name for <see cref="AllDownPolicy.Fallback"/>; null otherwise.</param>
public sealed record Service(
    string Id, string ClassId, ImmutableArray<string> Hostnames, ImmutableArray<string> Operators, ImmutableArray<string> Edges,
    int TtlSeconds, double ClassShare, OverCapacityPolicy OverCapacity, AllDownPolicy AllDown, string? FallbackHost)
{
    /// <summary>Seconds an answer holds where a service does not say.</summary>
    public const int DefaultTtlSeconds = 30;

    /// <summary>The one service of a world that names none.</summary>
    public static readonly Service Default = new(
        "default", TrafficClass.Default.Id, [], [], [], DefaultTtlSeconds, 1.0, OverCapacityPolicy.Spill, AllDownPolicy.LastGood, null);
}

/// <summary>The form of an endpoint's value.</summary>
public enum EndpointType
{
    /// <summary>An IPv4 address.</summary>
    A,

    /// <summary>An IPv6 address.</summary>
    Aaaa,

    /// <summary>A host name, as third-party CDNs give.</summary>
    Cname,
}

/// <summary>Where clients of a service reach a node.</summary>
/// <param name="NodeId">Edge or relay id.</param>
/// <param name="ServiceId">The service.</param>
/// <param name="Type">Form of the value.</param>
/// <param name="Value">Address or host name in canonical text form.</param>
public sealed record ServiceEndpoint(string NodeId, string ServiceId, EndpointType Type, string Value);

/// <summary>A live stream and where its publisher's copy is held.</summary>
/// <param name="Key">The stream's key, as players ask for it.</param>
/// <param name="OriginId">The origin that ingests it.</param>
/// <param name="BitrateMbps">Rate of all its variants together, Mbit/s, above 0.</param>
public sealed record LiveStream(string Key, string OriginId, double BitrateMbps)
{
    /// <summary>Rates of its variants, Mbit/s, which sum to <see cref="BitrateMbps"/>; empty for one variant.</summary>
    public ImmutableArray<double> VariantMbps { get; init; } = [];

    /// <summary>When it leaves the registry; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
