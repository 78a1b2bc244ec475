using Google.Protobuf;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Measure;

/// <summary>Turns reports as they travel into samples. Pure.</summary>
internal static class BatchReading
{
    /// <summary>Fills a batch anew.</summary>
    public static void Fill(SampleBatch batch, ReportBatch report)
    {
        batch.Clear();
        (batch.Reporter, batch.Sequence, batch.MeasuredAtMs) = (report.ReporterId, report.Sequence, report.MeasuredUnixMs);
        foreach (PathReport path in report.Paths) batch.Paths.Add(Of(path));
        foreach (LoadReport load in report.Loads) batch.Loads.Add(Of(load));
        foreach (ResolverReport resolver in report.Resolvers)
            if (Of(resolver) is { } sample) batch.Resolvers.Add(sample);
    }

    /// <summary>Fills a batch anew from its bytes.</summary>
    /// <returns>False where they are no batch.</returns>
    public static bool TryFill(SampleBatch batch, ReadOnlySpan<byte> payload)
    {
        try
        {
            Fill(batch, ReportBatch.Parser.ParseFrom(payload));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>A path; a resolver that is no address leaves its clients unknown.</summary>
    public static PathSample Of(PathReport path) => new()
    {
        Region = path.RegionId,
        Edge = path.EdgeId,
        Network = path.Network,
        Resolver = ClientAddress.TryParse(path.ResolverIp, out ClientAddress resolver) ? resolver : null,
        RttMilliseconds = path.HasRttMs ? path.RttMs : null,
        PacketsSent = path.PacketsSent,
        PacketsLost = path.PacketsLost,
        ThroughputMbps = path.HasThroughputMbps ? path.ThroughputMbps : null,
    };

    /// <summary>A load.</summary>
    public static LoadSample Of(LoadReport load) => new(load.RegionId, load.EdgeId, load.Mbps);

    /// <summary>A pairing; null where the resolver is no address.</summary>
    public static ResolverSample? Of(ResolverReport resolver) => ClientAddress.TryParse(resolver.ResolverIp, out ClientAddress address)
        ? new ResolverSample(address, resolver.RegionId, Math.Max(1, resolver.ClientsSeen))
        : null;
}
