using Google.Protobuf;
using Google.Protobuf.Collections;
using TrafficDispatch.Measure;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Measure;

/// <summary>
/// Checks a batch at the door: samples that cannot count are taken out and told by reason, and clients' addresses become regions and
/// networks, so that no address is stored. Thread-safe.
/// </summary>
internal sealed class BatchIntake(SampleFolder folder, TableHolder holder, TelemetryBoard board, TimeProvider time)
{
    /// <summary>Checks a batch and strips it to what counts.</summary>
    /// <param name="batch">The batch; changed.</param>
    /// <param name="world">The facts.</param>
    /// <param name="rejected">Counted up by reason.</param>
    /// <returns>Samples that are left.</returns>
    public int Strip(ReportBatch batch, World world, long[] rejected)
    {
        long[] now = new long[SampleRules.FaultCount];
        SampleFault when = SampleRules.Check(folder.Measure, batch.MeasuredUnixMs, time.GetUtcNow().ToUnixTimeMilliseconds());
        RoutingTable? table = holder.Current?.Table;
        Keep(batch.Paths, now, path => when == SampleFault.None ? Check(path, world, table) : when);
        Keep(batch.Loads, now, load => when == SampleFault.None ? SampleRules.Check(world, BatchReading.Of(load)) : when);
        Keep(batch.Resolvers, now, resolver => when == SampleFault.None ? Check(resolver, world, table) : when);
        for (int fault = 1; fault < now.Length; fault++)
        {
            if (now[fault] == 0) continue;
            rejected[fault] += now[fault];
            board.Refuse((SampleFault)fault, now[fault]);
        }
        return batch.Paths.Count + batch.Loads.Count + batch.Resolvers.Count;
    }

    private static void Keep<T>(RepeatedField<T> samples, long[] rejected, Func<T, SampleFault> check)
        where T : IMessage<T>
    {
        int kept = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            SampleFault fault = check(samples[i]);
            rejected[(int)fault]++;
            if (fault == SampleFault.None) samples[kept++] = samples[i];
        }
        while (samples.Count > kept) samples.RemoveAt(samples.Count - 1);
    }

    private static SampleFault Check(PathReport path, World world, RoutingTable? table)
    {
        if (path.ClientsCase == PathReport.ClientsOneofCase.ClientIp)
        {
            if (Locate(path.ClientIp, table) is not { } location) return SampleFault.UnknownClients;
            path.RegionId = table!.Content.Regions[location.Region].Id;
            if (path.Network.Length == 0) path.Network = location.Network;
        }
        if (path.Network.Length > SampleRules.LongestNetwork) path.Network = "";
        return SampleRules.Check(world, BatchReading.Of(path));
    }

    private static SampleFault Check(ResolverReport resolver, World world, RoutingTable? table)
    {
        if (resolver.ClientsCase == ResolverReport.ClientsOneofCase.ClientIp)
        {
            if (Locate(resolver.ClientIp, table) is not { } location) return SampleFault.UnknownClients;
            resolver.RegionId = table!.Content.Regions[location.Region].Id;
        }
        return BatchReading.Of(resolver) is { } sample ? SampleRules.Check(world, sample) : SampleFault.UnknownClients;
    }

    private static ClientLocation? Locate(string ip, RoutingTable? table)
    {
        if (table is null || !ClientAddress.TryParse(ip, out ClientAddress address)) return null;
        int location = table.Content.Prefixes.Find(address).Location;
        return location >= 0 ? table.Content.Locations[location] : null;
    }
}
