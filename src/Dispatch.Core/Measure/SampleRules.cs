using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>Why a sample does not count. The numbers are stable.</summary>
public enum SampleFault
{
    /// <summary>It counts.</summary>
    None = 0,

    /// <summary>No region of this name in the world.</summary>
    UnknownRegion = 1,

    /// <summary>No edge of this name in the world.</summary>
    UnknownEdge = 2,

    /// <summary>Neither a region nor a resolver whose clients are known to be mostly of one region.</summary>
    UnknownClients = 3,

    /// <summary>Nothing was measured.</summary>
    Empty = 4,

    /// <summary>A value that is not a number, infinite, zero or negative where it must be positive.</summary>
    NotPositive = 5,

    /// <summary>A value that nothing real gives: a round trip above 4 s, more lost than sent, a load beyond twice the edge's capacity.</summary>
    Absurd = 6,

    /// <summary>Faster than light in glass between the two places, with 1,000 km allowed for the region's extent.</summary>
    FasterThanLight = 7,

    /// <summary>Taken too long ago to count.</summary>
    Old = 8,

    /// <summary>Taken in the future by our clock.</summary>
    Future = 9,

    /// <summary>Its batch was counted already.</summary>
    Duplicate = 10,

    /// <summary>Its batch is so far behind the reporter's newest that it may have been counted.</summary>
    Late = 11,

    /// <summary>There is no room for its reporter, or its reporter has used up its part of the room.</summary>
    NoRoom = 12,
}

/// <summary>What must hold of a sample before it counts. Pure.</summary>
public static class SampleRules
{
    /// <summary>Number of <see cref="SampleFault"/> values.</summary>
    public const int FaultCount = 13;

    /// <summary>Longest reporter name, characters.</summary>
    public const int LongestReporter = 64;

    /// <summary>Longest name of a network, characters.</summary>
    public const int LongestNetwork = 32;

    /// <summary>Longest round trip, milliseconds.</summary>
    public const double MostRttMilliseconds = 4000;

    private const double MostThroughputMbps = 1e6;
    private const long MostPackets = 1_000_000_000;
    private const int HalfLivesThatCount = 4;

    /// <summary>How long a batch can count after it was taken: what came before is refused as old, and need not be remembered.</summary>
    public static TimeSpan Lifetime(MeasureSettings settings) => HalfLivesThatCount * settings.HalfLife + settings.ClockSkew;

    /// <summary>Checks when a batch was taken.</summary>
    public static SampleFault Check(MeasureSettings settings, long measuredAtMs, long nowMs)
    {
        long halfLife = (long)settings.HalfLife.TotalMilliseconds;
        // Compared without differences: the reporter's number may be anything.
        if (measuredAtMs > nowMs + (long)settings.ClockSkew.TotalMilliseconds) return SampleFault.Future;
        return measuredAtMs < nowMs - HalfLivesThatCount * halfLife ? SampleFault.Old : SampleFault.None;
    }

    /// <summary>Checks a path sample against the world; what the resolver stands for and the speed of light are not looked at.</summary>
    public static SampleFault Check(World world, in PathSample sample) => Check(new WorldPlaces(world), sample);

    /// <summary>Checks a load report against the world.</summary>
    public static SampleFault Check(World world, in LoadSample sample) => Check(new WorldPlaces(world), sample);

    /// <summary>Checks a resolver pairing against the world.</summary>
    public static SampleFault Check(World world, in ResolverSample sample) => Check(new WorldPlaces(world), sample);

    /// <summary>Checks a path sample against the places that are known.</summary>
    public static SampleFault Check<T>(T places, in PathSample sample)
        where T : struct, ISamplePlaces
    {
        if (!places.HasEdge(sample.Edge ?? "")) return SampleFault.UnknownEdge;
        if (string.IsNullOrEmpty(sample.Region))
        {
            if (sample.Resolver is null) return SampleFault.UnknownClients;
        }
        else if (!places.HasRegion(sample.Region))
        {
            return SampleFault.UnknownRegion;
        }
        if (sample.RttMilliseconds is null && sample.PacketsSent == 0 && sample.ThroughputMbps is null) return SampleFault.Empty;
        if (sample.RttMilliseconds is { } rtt && !IsPositive(rtt)) return SampleFault.NotPositive;
        if (sample.ThroughputMbps is { } rate && !IsPositive(rate)) return SampleFault.NotPositive;
        if (sample.PacketsSent < 0 || sample.PacketsLost < 0) return SampleFault.NotPositive;
        bool absurd = sample.RttMilliseconds > MostRttMilliseconds || sample.ThroughputMbps > MostThroughputMbps
            || sample.PacketsLost > sample.PacketsSent || sample.PacketsSent > MostPackets;
        return absurd ? SampleFault.Absurd : SampleFault.None;
    }

    /// <summary>Checks a load report against the places that are known.</summary>
    public static SampleFault Check<T>(T places, in LoadSample sample)
        where T : struct, ISamplePlaces
    {
        string edge = sample.Edge ?? "";
        if (!places.HasEdge(edge)) return SampleFault.UnknownEdge;
        if (!places.HasRegion(sample.Region ?? "")) return SampleFault.UnknownRegion;
        if (!double.IsFinite(sample.Mbps) || sample.Mbps < 0) return SampleFault.NotPositive;
        return sample.Mbps > places.MostMbps(edge) ? SampleFault.Absurd : SampleFault.None;
    }

    /// <summary>Checks a resolver pairing against the places that are known.</summary>
    public static SampleFault Check<T>(T places, in ResolverSample sample)
        where T : struct, ISamplePlaces
    {
        if (!places.HasRegion(sample.Region ?? "")) return SampleFault.UnknownRegion;
        return sample.Clients <= 0 ? SampleFault.NotPositive : SampleFault.None;
    }

    /// <summary>A fault's name for metrics and replies, for instance <c>faster_than_light</c>.</summary>
    public static string NameOf(SampleFault fault) => fault switch
    {
        SampleFault.None => "accepted",
        SampleFault.UnknownRegion => "unknown_region",
        SampleFault.UnknownEdge => "unknown_edge",
        SampleFault.UnknownClients => "unknown_clients",
        SampleFault.Empty => "empty",
        SampleFault.NotPositive => "not_positive",
        SampleFault.Absurd => "absurd",
        SampleFault.FasterThanLight => "faster_than_light",
        SampleFault.Old => "old",
        SampleFault.Future => "future",
        SampleFault.Duplicate => "duplicate",
        SampleFault.Late => "late",
        SampleFault.NoRoom => "no_room",
        _ => ((int)fault).ToString(CultureInfo.InvariantCulture),
    };

    private static bool IsPositive(double value) => double.IsFinite(value) && value > 0;

    private readonly record struct WorldPlaces(World World) : ISamplePlaces
    {
        private const double MostOfCapacity = 2000;

        public bool HasRegion(string id) => World.RegionOrdinal(id) >= 0;

        public bool HasEdge(string id) => World.EdgeOrdinal(id) >= 0;

        public double MostMbps(string edge) => MostOfCapacity * World.Edges[World.EdgeOrdinal(edge)].Capacity.Value;
    }
}

/// <summary>The places that samples may name.</summary>
public interface ISamplePlaces
{
    /// <summary>Whether there is a region of this name.</summary>
    bool HasRegion(string id);

    /// <summary>Whether there is an edge of this name.</summary>
    bool HasEdge(string id);

    /// <summary>More than an edge can possibly carry, Mbit/s; infinite where that is not known.</summary>
    /// <param name="edge">Name of an edge that there is.</param>
    double MostMbps(string edge);
}
