using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Table;

/// <summary>
/// The stored form of what tables say about relays since streams are planned: four optional sections behind the others, in the order of their
/// numbers. Each starts with its version, so that it can change alone; a version that is not known is refused by name.
/// </summary>
/// <remarks>A section that says nothing is left out and refused where it stands, so that the same content has the same bytes.</remarks>
internal static class RelaySections
{
    private const int Version = 1;

    public static bool HasPathWeights(TableContent content) => !content.Paths.WeightMicroseconds.IsEmpty || !content.Paths.Kind.IsEmpty;

    public static bool HasStreamTerms(TableContent content) =>
        content.Streams.Any(static s => s.ExpiresUnixMilliseconds != TableStream.Never || s.BitrateKbps != 0);

    public static bool HasStreamPaths(TableContent content) => !content.StreamPaths.Start.IsEmpty;

    public static bool HasIngest(TableContent content) => !content.Ingest.Start.IsEmpty;

    public static void WritePathWeights(TableContent content, ByteSink sink)
    {
        sink.Int32(Version);
        WriteUInts(sink, content.Paths.WeightMicroseconds);
        sink.Int32(content.Paths.Kind.Length);
        foreach (PathKind kind in content.Paths.Kind) sink.Byte((byte)kind);
    }

    public static void WriteStreamTerms(TableContent content, ByteSink sink)
    {
        sink.Int32(Version);
        sink.Int32(content.Streams.Length);
        foreach (TableStream stream in content.Streams)
        {
            sink.Int64(stream.ExpiresUnixMilliseconds);
            sink.Int64(stream.BitrateKbps);
        }
    }

    public static void WriteStreamPaths(TableContent content, ByteSink sink)
    {
        sink.Int32(Version);
        TableContentWriter.WriteInts(sink, content.StreamPaths.Start);
        TableContentWriter.WriteInts(sink, content.StreamPaths.Node);
        TableContentWriter.WriteInts(sink, content.StreamPaths.Path);
    }

    public static void WriteIngest(TableContent content, ByteSink sink)
    {
        sink.Int32(Version);
        TableContentWriter.WriteInts(sink, content.Ingest.Start);
        TableContentWriter.WriteShorts(sink, content.Ingest.Origin);
        WriteUInts(sink, content.Ingest.WeightMicroseconds);
        WriteUInts(sink, content.Ingest.RttMicroseconds);
        sink.Int32(content.Ingest.RoomKbps.Length);
        foreach (long room in content.Ingest.RoomKbps) sink.Int64(room);
    }

    /// <summary>Adds what optional sections say to what the others said.</summary>
    public static TableContent Read(ref ByteCursor cursor, TableContent content)
    {
        if (cursor.IsNext(TableSection.PathWeights)) content = content with { Paths = ReadPathWeights(ref cursor, content.Paths) };
        if (cursor.IsNext(TableSection.StreamTerms)) content = content with { Streams = ReadStreamTerms(ref cursor, content.Streams) };
        if (cursor.IsNext(TableSection.StreamPaths)) content = content with { StreamPaths = ReadStreamPaths(ref cursor) };
        if (cursor.IsNext(TableSection.Ingest)) content = content with { Ingest = ReadIngest(ref cursor) };
        return content;
    }

    private static PathRows ReadPathWeights(ref ByteCursor cursor, PathRows paths)
    {
        ByteCursor section = cursor.Section(TableSection.PathWeights);
        RefuseOther(ref section, TableSection.PathWeights);
        ImmutableArray<uint> weights = section.UInts();
        PathKind[] kinds = new PathKind[section.Count(1)];
        for (int i = 0; i < kinds.Length; i++) kinds[i] = (PathKind)section.Byte();
        cursor.Finish(section);
        RefuseEmpty(ref cursor, weights.IsEmpty && kinds.Length == 0);
        return paths with { WeightMicroseconds = weights, Kind = [.. kinds] };
    }

    private static ImmutableArray<TableStream> ReadStreamTerms(ref ByteCursor cursor, ImmutableArray<TableStream> streams)
    {
        ByteCursor section = cursor.Section(TableSection.StreamTerms);
        RefuseOther(ref section, TableSection.StreamTerms);
        int count = section.Count(16);
        if (count != streams.Length) section.Refuse("as many terms as there are streams are needed");
        TableStream[] read = [.. streams];
        bool empty = true;
        for (int i = 0; i < read.Length && section.Fault.Length == 0; i++)
        {
            read[i] = read[i] with { ExpiresUnixMilliseconds = section.Int64(), BitrateKbps = section.Int64() };
            empty &= read[i].ExpiresUnixMilliseconds == TableStream.Never && read[i].BitrateKbps == 0;
        }
        cursor.Finish(section);
        RefuseEmpty(ref cursor, empty);
        return [.. read];
    }

    private static StreamRows ReadStreamPaths(ref ByteCursor cursor)
    {
        ByteCursor section = cursor.Section(TableSection.StreamPaths);
        RefuseOther(ref section, TableSection.StreamPaths);
        StreamRows rows = new(section.Ints(), section.Ints(), section.Ints());
        cursor.Finish(section);
        RefuseEmpty(ref cursor, rows.Start.IsEmpty);
        return rows;
    }

    private static IngestRows ReadIngest(ref ByteCursor cursor)
    {
        ByteCursor section = cursor.Section(TableSection.Ingest);
        RefuseOther(ref section, TableSection.Ingest);
        IngestRows rows = new(section.Ints(), section.Shorts(), section.UInts(), section.UInts(), section.Longs());
        cursor.Finish(section);
        RefuseEmpty(ref cursor, rows.Start.IsEmpty);
        return rows;
    }

    private static void RefuseOther(ref ByteCursor section, TableSection tag)
    {
        int version = section.Int32();
        if (version != Version) section.Refuse(string.Create(CultureInfo.InvariantCulture, $"section {tag} has version {version}, only {Version} is known"));
    }

    private static void RefuseEmpty(ref ByteCursor cursor, bool isEmpty)
    {
        if (isEmpty) cursor.Refuse("the section before says nothing and must be left out");
    }

    private static void WriteUInts(ByteSink sink, ImmutableArray<uint> values)
    {
        sink.Int32(values.Length);
        foreach (uint value in values) sink.UInt32(value);
    }
}
