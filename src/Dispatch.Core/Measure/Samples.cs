using TrafficDispatch.Model;

namespace TrafficDispatch.Measure;

/// <summary>What one reporter saw between some clients and an edge. Whatever is null was not measured.</summary>
public readonly record struct PathSample
{
    /// <summary>Region of the clients; empty where only their resolver is known.</summary>
    public string Region { get; init; }

    /// <summary>Edge that served them.</summary>
    public string Edge { get; init; }

    /// <summary>Access network of the clients, for instance <c>AS64500</c>; empty where it is not known.</summary>
    public string Network { get; init; }

    /// <summary>Resolver that the clients asked, in place of <see cref="Region"/>.</summary>
    public ClientAddress? Resolver { get; init; }

    /// <summary>Round trip, milliseconds.</summary>
    public double? RttMilliseconds { get; init; }

    /// <summary>Packets sent; 0 where loss was not measured.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Packets lost of those.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Throughput of one client, Mbit/s.</summary>
    public double? ThroughputMbps { get; init; }
}

/// <summary>What an edge carries for a region now.</summary>
/// <param name="Region">Region of the clients.</param>
/// <param name="Edge">Edge that serves them.</param>
/// <param name="Mbps">Traffic, Mbit/s.</param>
public readonly record struct LoadSample(string Region, string Edge, double Mbps);

/// <summary>Clients whose region is known were seen to use a resolver.</summary>
/// <param name="Resolver">The resolver, as the authoritative server sees it.</param>
/// <param name="Region">Region of the clients.</param>
/// <param name="Clients">How many, at least 1.</param>
public readonly record struct ResolverSample(ClientAddress Resolver, string Region, long Clients);

/// <summary>
/// Samples that travel together and count once: reporter and sequence name them. Made to be filled again and again. Not thread-safe.
/// </summary>
public sealed class SampleBatch
{
    /// <summary>Who reports; 1 to 64 characters.</summary>
    public string Reporter { get; set; } = "";

    /// <summary>Rises with every batch of a reporter, over its restarts too; gaps are free. The clock's microseconds make a good start.</summary>
    public ulong Sequence { get; set; }

    /// <summary>When the samples were taken, milliseconds since 1970 UTC.</summary>
    public long MeasuredAtMs { get; set; }

    /// <summary>Paths measured.</summary>
    public List<PathSample> Paths { get; } = [];

    /// <summary>Loads carried.</summary>
    public List<LoadSample> Loads { get; } = [];

    /// <summary>Resolvers seen with their clients.</summary>
    public List<ResolverSample> Resolvers { get; } = [];

    /// <summary>Samples of all kinds.</summary>
    public int Count => Paths.Count + Loads.Count + Resolvers.Count;

    /// <summary>Empties the batch; its memory stays.</summary>
    public void Clear()
    {
        (Reporter, Sequence, MeasuredAtMs) = ("", 0, 0);
        Paths.Clear();
        Loads.Clear();
        Resolvers.Clear();
    }
}
