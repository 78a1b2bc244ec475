using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.State.Facts;

namespace TrafficDispatch.State;

/// <summary>The content of an archived solve: which facts the snapshot is made of, what else it holds, and the starting point.</summary>
internal sealed record SolveText(WorldStamp? Stamp, int UtcHour, ImmutableArray<double> DemandScale, ImmutableArray<BillingLevel> Billing, byte[] Start)
{
    private const int FormatVersion = 1;

    /// <summary>The snapshot over its facts.</summary>
    public Snapshot SnapshotOf(World world) => new(world, UtcHour) { DemandScale = DemandScale, Billing = Billing };

    public static byte[] Write(ArchivedSolve solve, WorldStamp? stamp) => RowWriter.Build(row =>
    {
        row.Int(FormatVersion);
        row.Flag(stamp is not null);
        if (stamp is not null) Write(row, stamp, solve.Snapshot!);
        row.Int(solve.Start.Length);
        row.Bytes(solve.Start.Span);
    });

    /// <summary>Reads a content; null where it is none of this format.</summary>
    public static SolveText? Read(byte[] content)
    {
        try
        {
            using RowReader row = new(content);
            if (row.Int() != FormatVersion) return null;
            SolveText text = row.Flag() ? ReadSnapshot(row) : new(null, 0, [], [], []);
            text = text with { Start = row.Bytes(row.Int()) };
            row.End();
            return text;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static void Write(RowWriter row, WorldStamp stamp, Snapshot snapshot)
    {
        row.Long(stamp.Generation);
        row.Text(stamp.Version);
        row.Long(stamp.WrittenAt.UtcTicks);
        row.Int(snapshot.UtcHour);
        row.List(snapshot.DemandScale.IsDefault ? [] : snapshot.DemandScale, static (r, scale) => r.Number(scale));
        row.List(snapshot.Billing.IsDefault ? [] : snapshot.Billing, static (r, level) =>
        {
            r.Text(level.ContractId);
            r.Long(level.BilledLevel.Value);
            r.Flag(level.MayBurst);
            r.Maybe(level.VolumePrice, static (w, price) => w.Long(price.Value));
        });
    }

    private static SolveText ReadSnapshot(RowReader row)
    {
        WorldStamp stamp = new(row.Long(), row.Text(), new DateTimeOffset(row.Long(), TimeSpan.Zero), []);
        return new(stamp, row.Int(), row.List(static r => r.Number()), row.List(static r => new BillingLevel(r.Text(), new(r.Long()), r.Flag())
        {
            VolumePrice = r.Maybe(static w => new MicroUsdPerMbpsHour(w.Long())),
        }), []);
    }
}
