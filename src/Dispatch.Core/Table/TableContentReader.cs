using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using TrafficDispatch.Model;

namespace TrafficDispatch.Table;

/// <summary>Reads what <see cref="TableContentWriter"/> wrote. Only the form is checked here; <see cref="TableContentCheck"/> looks at the sense.</summary>
internal static class TableContentReader
{
    private delegate T Row<out T>(ref ByteCursor cursor);

    /// <param name="bytes">Exactly the content.</param>
    /// <param name="offset">Where it starts in what the caller reads, for faults.</param>
    /// <param name="held">An index of prefixes to share where it is the same; null for none.</param>
    /// <param name="content">The content; null where it could not be read.</param>
    /// <param name="fault">What is wrong, with the offset; empty where it was read.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, PrefixIndex? held, [NotNullWhen(true)] out TableContent? content, out string fault)
    {
        ByteCursor cursor = new(bytes, offset);
        content = RelaySections.Read(ref cursor, Read(ref cursor, held));
        content = content with { Failovers = FailoverCodec.Read(ref cursor) };
        if (cursor.Left > 0) cursor.Refuse("bytes beyond the last section");
        fault = cursor.Fault;
        if (fault.Length > 0) content = null;
        return content is not null;
    }

    private static TableContent Read(ref ByteCursor cursor, PrefixIndex? held)
    {
        ByteCursor world = cursor.Section(TableSection.World);
        (string version, int hour, int v4, int v6, int ttl) = (world.Text(), world.Int32(), world.Int32(), world.Int32(), world.Int32());
        cursor.Finish(world);
        return new TableContent
        {
            WorldVersion = version,
            UtcHour = hour,
            ClientGranuleV4 = v4,
            ClientGranuleV6 = v6,
            RouteTtlSeconds = ttl,
            Regions = Rows(ref cursor, TableSection.Regions, 13, static (ref c) => new TableRegion(c.Text(), c.Text(), c.Text(), c.Flag())),
            Locations = Rows(ref cursor, TableSection.Locations, 8, static (ref c) => new ClientLocation(c.Int32(), c.Text())),
            Prefixes = Prefixes(ref cursor, held),
            Edges = Rows(ref cursor, TableSection.Edges, 21,
                static (ref c) => new TableEdge(c.Text(), c.Text(), c.Text(), c.Text(), c.Text(), (HealthState)c.Byte())),
            Relays = Rows(ref cursor, TableSection.Relays, 16, static (ref c) => new TableRelay(c.Text(), c.Text(), c.Text(), c.Text())),
            Origins = Rows(ref cursor, TableSection.Origins, 17, static (ref c) => new TableOrigin(c.Text(), c.Text(), c.Text(), c.Text(), c.Flag())),
            Services = Rows(ref cursor, TableSection.Services, 19, Service),
            Entries = Entries(ref cursor),
            Endpoints = Endpoints(ref cursor),
            Paths = Paths(ref cursor),
            Streams = Rows(ref cursor, TableSection.Streams, 8, static (ref c) => new TableStream(c.Text(), c.Int32())),
        };
    }

    private static ImmutableArray<T> Rows<T>(ref ByteCursor cursor, TableSection tag, int leastBytes, Row<T> row)
    {
        ByteCursor section = cursor.Section(tag);
        ImmutableArray<T> rows = Rows(ref section, leastBytes, row);
        cursor.Finish(section);
        return rows;
    }

    private static ImmutableArray<T> Rows<T>(ref ByteCursor section, int leastBytes, Row<T> row)
    {
        int count = section.Count(leastBytes);
        ImmutableArray<T>.Builder rows = ImmutableArray.CreateBuilder<T>(count);
        for (int i = 0; i < count && section.Fault.Length == 0; i++) rows.Add(row(ref section));
        return rows.DrainToImmutable();
    }

    private static PrefixIndex Prefixes(ref ByteCursor cursor, PrefixIndex? held)
    {
        ByteCursor section = cursor.Section(TableSection.Prefixes);
        PrefixIndex? index = null;
        if (section.Fault.Length == 0 && !PrefixIndex.TryRead(section.Take(section.Left), held, out index, out string fault))
        {
            section.Refuse($"the prefix index before cannot be read: {fault}");
        }
        cursor.Finish(section);
        return index ?? PrefixIndex.Empty;
    }

    private static TableService Service(ref ByteCursor c)
    {
        string id = c.Text();
        ImmutableArray<string> hostnames = Rows(ref c, 4, static (ref r) => r.Text());
        return new(id, hostnames, c.Int32(), c.Int32(), (OverCapacityPolicy)c.Byte(), (AllDownPolicy)c.Byte(), c.Flag() ? c.Text() : null);
    }

    private static EntryRows Entries(ref ByteCursor cursor)
    {
        ByteCursor section = cursor.Section(TableSection.Entries);
        EntryRows rows = new(section.Int32(), section.Ints(), section.Shorts(), section.Shorts(), section.Shorts());
        cursor.Finish(section);
        return rows;
    }

    private static EndpointRows Endpoints(ref ByteCursor cursor)
    {
        ByteCursor section = cursor.Section(TableSection.Endpoints);
        EndpointRows rows = new(
            section.Ints(), Rows(ref section, 5, static (ref c) => new TableEndpoint((EndpointType)c.Byte(), c.Text())));
        cursor.Finish(section);
        return rows;
    }

    private static PathRows Paths(ref ByteCursor cursor)
    {
        ByteCursor section = cursor.Section(TableSection.Paths);
        PathRows rows = new(section.Ints(), section.Ints(), section.Shorts(), section.UInts());
        cursor.Finish(section);
        return rows;
    }
}
