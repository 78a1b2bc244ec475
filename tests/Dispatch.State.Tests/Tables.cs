using System.Buffers;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Tests;

/// <summary>Tables of one small solved world under any version.</summary>
internal static class Tables
{
    private static readonly Lazy<TableContent> Content = new(static () =>
    {
        using TestWorld files = TestWorld.Small();
        World world = files.Build();
        Assignment assignment = DispatchSolver.Solve(new Snapshot(world, 16), null, default).Assignment!;
        return TableBuilder.Build(assignment, PrefixIndex.Build(world.Facts.Prefixes.AsSpan()), TableBuilder.RegionLocations(world));
    });

    public static RoutingTable Of(long epoch, long number) => RoutingTable.Create(Content.Value, new(epoch, number), DateTimeOffset.UnixEpoch);

    public static EncodedTable Encoded(long epoch, long number) => EncodedTable.Of(Of(epoch, number));

    public static byte[] Bytes(RoutingTable table)
    {
        ArrayBufferWriter<byte> bytes = new();
        RoutingTableCodec.Write(table, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
