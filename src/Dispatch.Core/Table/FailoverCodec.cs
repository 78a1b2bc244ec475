using System.Collections.Immutable;

namespace TrafficDispatch.Table;

/// <summary>
/// The stored form of failovers: an optional last section of a table's content. It begins with a version of its own and is absent
/// where there are no failovers, so that such a table's bytes are those of a program that knows of none.
/// </summary>
internal static class FailoverCodec
{
    private const int Version = 1;

    public static void Write(TableContent content, ByteSink sink)
    {
        FailoverRows rows = content.Failovers;
        if (ReferenceEquals(rows, FailoverRows.None) || (rows.Count == 0 && rows.Law.IsEmpty)) return;
        int opened = sink.Open((uint)TableSection.Failovers);
        sink.Int32(Version);
        sink.Int32(rows.Count);
        foreach (string name in rows.Name) sink.Text(name);
        Ints(sink, rows.FailedStart);
        Shorts(sink, rows.Failed);
        Ints(sink, rows.RowStart);
        Ints(sink, rows.Entry);
        Ints(sink, rows.Start);
        Shorts(sink, rows.Edge);
        Shorts(sink, rows.Weight);
        Shorts(sink, rows.Overflow);
        sink.Int32(rows.Law.Length);
        foreach (RegionLaw law in rows.Law)
        {
            sink.Int32(law.Region);
            sink.Int32(law.Jurisdictions.Length);
            foreach (string jurisdiction in law.Jurisdictions) sink.Text(jurisdiction);
        }
        sink.Close(opened);
    }

    public static FailoverRows Read(ref ByteCursor cursor)
    {
        if (!cursor.IsNext(TableSection.Failovers)) return FailoverRows.None;
        ByteCursor section = cursor.Section(TableSection.Failovers);
        if (section.Fault.Length == 0 && section.Int32() != Version) section.Refuse("failovers of an unknown version");
        ImmutableArray<string> names = Texts(ref section);
        FailoverRows rows = new(names, section.Ints(), section.Shorts(), section.Ints(), section.Ints(), section.Ints(),
            section.Shorts(), section.Shorts(), section.Shorts(), Laws(ref section));
        if (section.Fault.Length == 0 && rows.Count == 0 && rows.Law.IsEmpty) section.Refuse("failovers that are none");
        cursor.Finish(section);
        return rows;
    }

    private static ImmutableArray<RegionLaw> Laws(ref ByteCursor section)
    {
        int count = section.Count(8);
        ImmutableArray<RegionLaw>.Builder laws = ImmutableArray.CreateBuilder<RegionLaw>(count);
        for (int i = 0; i < count && section.Fault.Length == 0; i++) laws.Add(new(section.Int32(), Texts(ref section)));
        return laws.DrainToImmutable();
    }

    private static ImmutableArray<string> Texts(ref ByteCursor section)
    {
        int count = section.Count(4);
        ImmutableArray<string>.Builder texts = ImmutableArray.CreateBuilder<string>(count);
        for (int i = 0; i < count && section.Fault.Length == 0; i++) texts.Add(section.Text());
        return texts.DrainToImmutable();
    }

    private static void Ints(ByteSink sink, ImmutableArray<int> values)
    {
        sink.Int32(values.Length);
        foreach (int value in values) sink.Int32(value);
    }

    private static void Shorts(ByteSink sink, ImmutableArray<ushort> values)
    {
        sink.Int32(values.Length);
        foreach (ushort value in values) sink.UInt16(value);
    }
}
