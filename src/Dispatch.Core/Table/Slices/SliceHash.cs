using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>
/// Names what somebody holds of a table, so that both sides can tell whether they hold the same. The bytes that are hashed are published in
/// <c>docs/reference/watch-table.md</c>: numbers of 4 bytes, lowest first; text as its length in UTF-8 and the bytes. Thread-safe.
/// </summary>
public static class SliceHash
{
    private const int RangeBytes = 21;

    /// <summary>The hash of rows: granules, regions, edges, services, entries, failovers and endpoints. O(rows).</summary>
    /// <param name="rows">A sound content; its prefixes, locations, relays, origins, paths, streams, laws, world and hour do not count.</param>
    public static ImmutableArray<byte> OfRows(TableContent rows)
    {
        ByteSink sink = new();
        sink.Int32(rows.ClientGranuleV4);
        sink.Int32(rows.ClientGranuleV6);
        Names(rows, sink);
        Entries(rows.Entries, sink);
        Failovers(rows.Failovers, sink);
        Endpoints(rows, sink);
        return Of(SHA256.HashData(sink.Written));
    }

    /// <summary>The hash of prefixes and of what they point at. O(ranges).</summary>
    /// <param name="prefixes">What is held.</param>
    /// <param name="v4">Ranges of its index.</param>
    /// <param name="v6">Ranges of its index.</param>
    public static ImmutableArray<byte> OfPrefixes(SlicePrefixes prefixes, PrefixRanges v4, PrefixRanges v6)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Ranges(prefixes, v4, hash);
        Ranges(prefixes, v6, hash);
        ByteSink sink = new();
        sink.Int32(prefixes.Locations.Length);
        foreach (ClientLocation location in prefixes.Locations)
        {
            sink.Int32(location.Region);
            sink.Text(location.Network);
        }
        hash.AppendData(sink.Written);
        return Of(hash.GetHashAndReset());
    }

    /// <summary>The hash of prefixes as a content holds them.</summary>
    public static ImmutableArray<byte> OfPrefixes(TableContent content) =>
        OfPrefixes(new(content.Prefixes, null, content.Locations, -1), content.Prefixes.Ranges(false), content.Prefixes.Ranges(true));

    private static void Names(TableContent rows, ByteSink sink)
    {
        sink.Int32(rows.Regions.Length);
        foreach (TableRegion region in rows.Regions)
        {
            sink.Text(region.Id);
            sink.Text(region.Name);
            sink.Text(region.Jurisdiction);
            sink.Int32(region.IsBound ? 1 : 0);
        }
        sink.Int32(rows.Edges.Length);
        foreach (TableEdge edge in rows.Edges)
        {
            sink.Text(edge.Id);
            sink.Text(edge.Operator);
            sink.Text(edge.City);
            sink.Text(edge.Jurisdiction);
            sink.Text(edge.FaultDomain);
            sink.Int32((int)edge.State);
        }
        sink.Int32(rows.Services.Length);
        foreach (TableService service in rows.Services)
        {
            sink.Text(service.Id);
            sink.Int32(service.Hostnames.Length);
            foreach (string name in service.Hostnames) sink.Text(name);
            sink.Int32(service.Profile);
            sink.Int32(service.TtlSeconds);
            sink.Int32((int)service.OverCapacity);
            sink.Int32((int)service.AllDown);
            sink.Text(service.FallbackHost ?? "");
        }
    }

    private static void Entries(EntryRows rows, ByteSink sink)
    {
        sink.Int32(rows.Profiles);
        for (int entry = 0; entry < rows.Overflow.Length; entry++)
            Row(rows.Start[entry], rows.Start[entry + 1], rows.Edge, rows.Weight, rows.Overflow[entry], sink);
    }

    private static void Failovers(FailoverRows rows, ByteSink sink)
    {
        sink.Int32(rows.Count);
        for (int f = 0; f < rows.Count; f++)
        {
            sink.Text(rows.Name[f]);
            sink.Int32(rows.FailedStart[f + 1] - rows.FailedStart[f]);
            for (int i = rows.FailedStart[f]; i < rows.FailedStart[f + 1]; i++) sink.Int32(rows.Failed[i]);
            sink.Int32(rows.RowStart[f + 1] - rows.RowStart[f]);
            for (int row = rows.RowStart[f]; row < rows.RowStart[f + 1]; row++)
            {
                sink.Int32(rows.Entry[row]);
                Row(rows.Start[row], rows.Start[row + 1], rows.Edge, rows.Weight, rows.Overflow[row], sink);
            }
        }
    }

    private static void Row(int start, int end, ImmutableArray<ushort> edges, ImmutableArray<ushort> weights, ushort overflow, ByteSink sink)
    {
        sink.Int32(overflow);
        sink.Int32(end - start);
        for (int i = start; i < end; i++)
        {
            sink.Int32(edges[i]);
            sink.Int32(weights[i]);
        }
    }

    // Rows without an endpoint are passed over: an empty table of endpoints says the same as one with empty rows.
    private static void Endpoints(TableContent content, ByteSink sink)
    {
        EndpointRows rows = content.Endpoints;
        int edges = content.Edges.Length;
        for (int row = 0; row < rows.Start.Length - 1; row++)
        {
            (int start, int end) = (rows.Start[row], rows.Start[row + 1]);
            if (start == end) continue;
            sink.Int32(row / edges);
            sink.Int32(row % edges);
            sink.Int32(end - start);
            for (int i = start; i < end; i++)
            {
                sink.Int32((int)rows.Endpoint[i].Type + 1);
                sink.Text(rows.Endpoint[i].Value);
            }
        }
    }

    /// <summary>Each range as its start (16 bytes, highest first, left-aligned), location + 1 and matched length + 1 (one byte); then their number.</summary>
    private static void Ranges(SlicePrefixes prefixes, PrefixRanges ranges, IncrementalHash hash)
    {
        byte[] buffer = new byte[RangeBytes * 1024];
        int used = 0, count = 0;
        for (int i = 0; i < ranges.Count; i++)
        {
            if (!prefixes.Begins(ranges, i)) continue;
            Span<byte> at = buffer.AsSpan(used, RangeBytes);
            BinaryPrimitives.WriteUInt128BigEndian(at, ranges.Start(i));
            BinaryPrimitives.WriteInt32LittleEndian(at[16..], prefixes.Map(ranges.Location(i)) + 1);
            at[20] = (byte)(prefixes.MatchedLength(ranges, i) + 1);
            count++;
            if ((used += RangeBytes) < buffer.Length) continue;
            hash.AppendData(buffer);
            used = 0;
        }
        hash.AppendData(buffer.AsSpan(0, used));
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, count);
        hash.AppendData(number);
    }

    private static ImmutableArray<byte> Of(byte[] hash) => ImmutableCollectionsMarshal.AsImmutableArray(hash);
}
