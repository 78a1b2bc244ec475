using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// The canonical bytes of a table's content: a fixed sequence of sections, each a tag, a length and its rows. Same content, same bytes;
/// the content hash is taken over them. the codec reads them back.
/// </summary>
internal static class TableContentWriter
{
    public static void Write(TableContent content, ByteSink sink)
    {
        Section(sink, TableSection.World, content, WriteWorld);
        Section(sink, TableSection.Regions, content, WriteRegions);
        Section(sink, TableSection.Locations, content, WriteLocations);
        Section(sink, TableSection.Prefixes, content, static (c, s) => c.Prefixes.Write(s));
        Section(sink, TableSection.Edges, content, WriteEdges);
        Section(sink, TableSection.Relays, content, WriteRelays);
        Section(sink, TableSection.Origins, content, WriteOrigins);
        Section(sink, TableSection.Services, content, WriteServices);
        Section(sink, TableSection.Entries, content, WriteEntries);
        Section(sink, TableSection.Endpoints, content, WriteEndpoints);
        Section(sink, TableSection.Paths, content, WritePaths);
        Section(sink, TableSection.Streams, content, WriteStreams);
        // What came later stands behind what every table has, and only where it says something: older tables keep their bytes and hash.
        if (RelaySections.HasPathWeights(content)) Section(sink, TableSection.PathWeights, content, RelaySections.WritePathWeights);
        if (RelaySections.HasStreamTerms(content)) Section(sink, TableSection.StreamTerms, content, RelaySections.WriteStreamTerms);
        if (RelaySections.HasStreamPaths(content)) Section(sink, TableSection.StreamPaths, content, RelaySections.WriteStreamPaths);
        if (RelaySections.HasIngest(content)) Section(sink, TableSection.Ingest, content, RelaySections.WriteIngest);
        FailoverCodec.Write(content, sink);
    }

    private static void Section(ByteSink sink, TableSection section, TableContent content, Action<TableContent, ByteSink> write)
    {
        int opened = sink.Open((uint)section);
        write(content, sink);
        sink.Close(opened);
    }

    private static void WriteWorld(TableContent content, ByteSink sink)
    {
        sink.Text(content.WorldVersion);
        sink.Int32(content.UtcHour);
        sink.Int32(content.ClientGranuleV4);
        sink.Int32(content.ClientGranuleV6);
        sink.Int32(content.RouteTtlSeconds);
    }

    private static void WriteRegions(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Regions.Length);
        foreach (TableRegion region in content.Regions)
        {
            sink.Text(region.Id);
            sink.Text(region.Name);
            sink.Text(region.Jurisdiction);
            sink.Byte(region.IsBound ? (byte)1 : (byte)0);
        }
    }

    private static void WriteLocations(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Locations.Length);
        foreach (ClientLocation location in content.Locations)
        {
            sink.Int32(location.Region);
            sink.Text(location.Network);
        }
    }

    private static void WriteEdges(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Edges.Length);
        foreach (TableEdge edge in content.Edges)
        {
            sink.Text(edge.Id);
            sink.Text(edge.Operator);
            WritePlace(sink, edge.City, edge.Jurisdiction, edge.FaultDomain);
            sink.Byte((byte)edge.State);
        }
    }

    private static void WriteRelays(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Relays.Length);
        foreach (TableRelay relay in content.Relays)
        {
            sink.Text(relay.Id);
            WritePlace(sink, relay.City, relay.Jurisdiction, relay.FaultDomain);
        }
    }

    private static void WriteOrigins(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Origins.Length);
        foreach (TableOrigin origin in content.Origins)
        {
            sink.Text(origin.Id);
            WritePlace(sink, origin.City, origin.Jurisdiction, origin.FaultDomain);
            sink.Byte(origin.IsReserved ? (byte)1 : (byte)0);
        }
    }

    private static void WritePlace(ByteSink sink, string city, string jurisdiction, string faultDomain)
    {
        sink.Text(city);
        sink.Text(jurisdiction);
        sink.Text(faultDomain);
    }

    private static void WriteServices(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Services.Length);
        foreach (TableService service in content.Services)
        {
            sink.Text(service.Id);
            sink.Int32(service.Hostnames.Length);
            foreach (string name in service.Hostnames) sink.Text(name);
            sink.Int32(service.Profile);
            sink.Int32(service.TtlSeconds);
            sink.Byte((byte)service.OverCapacity);
            sink.Byte((byte)service.AllDown);
            sink.Byte(service.FallbackHost is null ? (byte)0 : (byte)1);
            if (service.FallbackHost is not null) sink.Text(service.FallbackHost);
        }
    }

    private static void WriteEntries(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Entries.Profiles);
        WriteInts(sink, content.Entries.Start);
        WriteShorts(sink, content.Entries.Edge);
        WriteShorts(sink, content.Entries.Weight);
        WriteShorts(sink, content.Entries.Overflow);
    }

    private static void WriteEndpoints(TableContent content, ByteSink sink)
    {
        WriteInts(sink, content.Endpoints.Start);
        sink.Int32(content.Endpoints.Endpoint.Length);
        foreach (TableEndpoint endpoint in content.Endpoints.Endpoint)
        {
            sink.Byte((byte)endpoint.Type);
            sink.Text(endpoint.Value);
        }
    }

    private static void WritePaths(TableContent content, ByteSink sink)
    {
        WriteInts(sink, content.Paths.Start);
        WriteInts(sink, content.Paths.HopStart);
        WriteShorts(sink, content.Paths.HopNode);
        sink.Int32(content.Paths.HopRttMicroseconds.Length);
        foreach (uint rtt in content.Paths.HopRttMicroseconds) sink.UInt32(rtt);
    }

    private static void WriteStreams(TableContent content, ByteSink sink)
    {
        sink.Int32(content.Streams.Length);
        foreach (TableStream stream in content.Streams)
        {
            sink.Text(stream.Key);
            sink.Int32(stream.Origin);
        }
    }

    internal static void WriteInts(ByteSink sink, ImmutableArray<int> values)
    {
        sink.Int32(values.Length);
        foreach (int value in values) sink.Int32(value);
    }

    internal static void WriteShorts(ByteSink sink, ImmutableArray<ushort> values)
    {
        sink.Int32(values.Length);
        foreach (ushort value in values) sink.UInt16(value);
    }
}

/// <summary>The sections of a stored table's content, in their order.</summary>
internal enum TableSection : uint
{
    World = 1,
    Regions,
    Locations,
    Prefixes,
    Edges,
    Relays,
    Origins,
    Services,
    Entries,
    Endpoints,
    Paths,
    Streams,

    // Optional, each with a version of its own. Numbers of new sections leave room for others' between.
    PathWeights = 32,
    StreamTerms = 33,
    StreamPaths = 34,
    Ingest = 35,
    Failovers = 40,
}
