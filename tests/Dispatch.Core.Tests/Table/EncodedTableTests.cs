using System.Buffers;
using TrafficDispatch.Table;

namespace TrafficDispatch.Core.Tests.Table;

public sealed class EncodedTableTests
{
    [Fact]
    public void Of_Table_HasItsVersionAndTheCodecsBytes()
    {
        RoutingTable table = new TableSketch().Build();
        ArrayBufferWriter<byte> bytes = new();
        RoutingTableCodec.Write(table, bytes);
        EncodedTable encoded = EncodedTable.Of(table);
        Assert.Equal(table.Version, encoded.Version);
        Assert.True(bytes.WrittenSpan.SequenceEqual(encoded.Bytes.Span));
    }

    [Fact]
    public void TryRead_SamePrefixesAsBefore_SharesTheirIndexAndGivesTheSameBytes()
    {
        RoutingTable table = new TableSketch().Build();
        Assert.True(EncodedTable.Of(table).TryRead(null, out RoutingTable? first, out string fault), fault);
        Assert.NotSame(table.Content.Prefixes, first.Content.Prefixes);
        EncodedTable later = EncodedTable.Of(table.With(table.Version.Next()));
        Assert.True(later.TryRead(first, out RoutingTable? second, out fault), fault);
        Assert.Same(first.Content.Prefixes, second.Content.Prefixes);
        Assert.True(EncodedTable.Of(second).Bytes.Span.SequenceEqual(later.Bytes.Span));
    }

    [Fact]
    public void TryRead_OtherPrefixesThanBefore_BuildsTheirOwnIndex()
    {
        Assert.True(EncodedTable.Of(new TableSketch().Build()).TryRead(null, out RoutingTable? before, out _));
        TableContent without = new TableSketch().Content() with { Prefixes = PrefixIndex.Empty };
        RoutingTable table = RoutingTable.Create(without, new(9, 1), DateTimeOffset.UnixEpoch);
        Assert.True(EncodedTable.Of(table).TryRead(before, out RoutingTable? read, out string fault), fault);
        Assert.NotSame(before.Content.Prefixes, read.Content.Prefixes);
        Assert.Equal(table.ContentHash, read.ContentHash);
    }

    [Fact]
    public void TryRead_FiledUnderAnotherVersion_IsRefused()
    {
        RoutingTable table = new TableSketch().Build();
        EncodedTable wrong = EncodedTable.Of(table) with { Version = table.Version.Next() };
        Assert.False(wrong.TryRead(null, out RoutingTable? read, out string fault));
        Assert.Null(read);
        Assert.Equal($"holds version {table.Version}", fault);
    }
}
