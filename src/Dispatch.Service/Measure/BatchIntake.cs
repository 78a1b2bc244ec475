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
    /// <summary>True where there is something to check samples against.</summary>
    public bool CanCheck => folder.World is not null || holder.Current is not null;

    /// <summary>Checks a batch and strips it to what counts.</summary>
    /// <param name="batch">The batch; changed.</param>
    /// <param name="world">The facts; null where this process has none: then by the table in force, and whoever folds checks again.</param>
    /// <param name="rejected">Counted up by reason.</param>
    /// <returns>Samples that are left.</returns>
    public int Strip(ReportBatch batch, World? world, long[] rejected)
    {
        long[] now = new long[SampleRules.FaultCount];
        SampleFault when = SampleRules.Check(folder.Measure, batch.MeasuredUnixMs, time.GetUtcNow().ToUnixTimeMilliseconds());
        RoutingTable? table = holder.Current?.Table;
        Keep(batch.Paths, now, path => when == SampleFault.None ? Check(path, world, table) : when);
        Keep(batch.Loads, now, load => when == SampleFault.None ? Check(BatchReading.Of(load), world, table) : when);
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

    private static SampleFault Check(LoadSample load, World? world, RoutingTable? table) =>
        world is not null ? SampleRules.Check(world, load) : SampleRules.Check(new TablePlaces(table!), load);

    private static SampleFault Check(PathReport path, World? world, RoutingTable? table)
    {
        if (path.ClientsCase == PathReport.ClientsOneofCase.ClientIp)
        {
            if (Locate(path.ClientIp, table) is not { } location) return SampleFault.UnknownClients;
            path.RegionId = table!.Content.Regions[location.Region].Id;
            if (path.Network.Length == 0) path.Network = location.Network;
        }
        if (path.Network.Length > SampleRules.LongestNetwork) path.Network = "";
        PathSample sample = BatchReading.Of(path);
        return world is not null ? SampleRules.Check(world, sample) : SampleRules.Check(new TablePlaces(table!), sample);
    }

    private static SampleFault Check(ResolverReport resolver, World? world, RoutingTable? table)
    {
        if (resolver.ClientsCase == ResolverReport.ClientsOneofCase.ClientIp)
        {
            if (Locate(resolver.ClientIp, table) is not { } location) return SampleFault.UnknownClients;
            resolver.RegionId = table!.Content.Regions[location.Region].Id;
        }
        if (BatchReading.Of(resolver) is not { } sample) return SampleFault.UnknownClients;
        return world is not null ? SampleRules.Check(world, sample) : SampleRules.Check(new TablePlaces(table!), sample);
    }

    private static ClientLocation? Locate(string ip, RoutingTable? table)
    {
        if (table is null || !ClientAddress.TryParse(ip, out ClientAddress address)) return null;
        int location = table.Content.Prefixes.Find(address).Location;
        return location >= 0 ? table.Content.Locations[location] : null;
    }

    /// <summary>What a table knows of places: names alone.</summary>
    private readonly record struct TablePlaces(RoutingTable Table) : ISamplePlaces
    {
        public bool HasRegion(string id) => Table.RegionOrdinal(id) >= 0;

        public bool HasEdge(string id) => Table.EdgeOrdinal(id) >= 0;

        public double MostMbps(string edge) => double.PositiveInfinity;
    }
}
