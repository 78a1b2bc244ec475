using System.Buffers;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Tables;
using TrafficDispatch.Table;

namespace TrafficDispatch.State.Tests;

/// <summary>Tables of one small solved world under any version.</summary>
internal static class Tables
{
    /// <summary>A snapshot of that world with something in every part.</summary>
    public static Snapshot Snapshot { get; } = Made();

    private static readonly Lazy<TableContent> Content = new(static () =>
    {
        World world = Snapshot.World;
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

    private static Snapshot Made()
    {
        using TestWorld files = TestWorld.Small();
        World world = files.Build();
        return new(world, 5)
        {
            DemandScale = [.. world.Regions.Select(static (_, r) => 1 + r / 8.0)],
            Billing = [new("contract", new(1250), MayBurst: true) { VolumePrice = new(17) }, new("other", new(0), MayBurst: false)],
        };
    }
}
