using System.Collections.Immutable;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using TrafficDispatch.Model;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tests.Watch;

/// <summary>How large a table is drawn, and by which dice. The same sizes give the same names, so that two seeds give two versions of one world.</summary>
public sealed record DrawnTable(int Seed, int Regions, int Edges, int Profiles, int Services, int Prefixes, int Failovers)
{
    /// <summary>Tables of every size from a handful of rows to more edges than one word has bits.</summary>
    public static readonly Arbitrary<DrawnTable> Any = Arb.From(
        from seed in Gen.Choose(0, 1_000_000)
        from regions in Gen.Choose(1, 6)
        from edges in Gen.Frequency((3, Gen.Choose(1, 8)), (1, Gen.Choose(60, 70)))
        from profiles in Gen.Choose(1, 3)
        from services in Gen.Choose(1, 4)
        from prefixes in Gen.Choose(0, 40)
        from failovers in Gen.Choose(0, 5)
        select new DrawnTable(seed, regions, edges, profiles, services, prefixes, failovers), Smaller);

    /// <summary>Draws the table.</summary>
    public RoutingTable Table(TableVersion version) => RoutingTable.Create(Content(), version, DateTimeOffset.UnixEpoch);

    /// <summary>Draws an overlay for it: some edges down, some drained, some that keep part of their clients; by every fifth seed nearly all are down.</summary>
    internal ServingState Under(RoutingTable table, int seed)
    {
        Random dice = new(seed);
        ImmutableArray<HealthStatement> said = [.. Some(dice, seed % 5 == 0 ? 3 * Edges : dice.Next(4)).Select(e => new HealthStatement(HealthScope.Edge, $"edge-{e}", dice.Next(2) == 0 ? HealthState.Down : HealthState.Drained, 0))];
        EdgeWeights weights = dice.Next(2) == 0 ? EdgeWeights.None
            : new([.. Some(dice, 3).Select(e => new EdgeWeight($"edge-{e}", (byte)dice.Next(100)))], [.. Some(dice, 2).Select(static e => $"edge-{e}")]);
        return new(table, null) { Overlay = Overlay.None.With("drawn", said, 7).Weigh("drawn", weights, 8).For(table.Content) };
    }

    private IEnumerable<int> Some(Random dice, int most) => Enumerable.Range(0, most).Select(_ => dice.Next(Edges)).Distinct();

    private static IEnumerable<DrawnTable> Smaller(DrawnTable t)
    {
        if (t.Regions > 1) yield return t with { Regions = t.Regions - 1 };
        if (t.Edges > 1) yield return t with { Edges = t.Edges / 2 };
        if (t.Profiles > 1) yield return t with { Profiles = 1 };
        if (t.Services > 1) yield return t with { Services = t.Services - 1 };
        if (t.Prefixes > 0) yield return t with { Prefixes = t.Prefixes / 2 };
        if (t.Failovers > 0) yield return t with { Failovers = 0 };
    }

    private TableContent Content()
    {
        Random dice = new(Seed);
        TableEdge[] edges = [.. Enumerable.Range(0, Edges).Select(e => new TableEdge($"edge-{e}", "own", "", "EU", $"D{e / 3}", dice.Next(8) switch { 0 => HealthState.Down, 1 => HealthState.Drained, _ => HealthState.Up }))];
        ClientLocation[] locations = [.. Enumerable.Range(0, 8).Select(l => new ClientLocation(dice.Next(-1, Regions), l % 2 == 0 ? "" : $"AS{l}"))];
        return new()
        {
            WorldVersion = "drawn",
            UtcHour = 3,
            Regions = [.. Enumerable.Range(0, Regions).Select(r => new TableRegion($"R-{r}", $"Town {r}", "EU", dice.Next(3) == 0))],
            Locations = [.. locations],
            Prefixes = PrefixIndex.Build([.. Drawn(dice).DistinctBy(static p => p.Prefix)]),
            Edges = [.. edges],
            Services = [.. Enumerable.Range(0, Services).Select(s => ServiceOf(s, dice))],
            Entries = Entries(dice, out _),
            Endpoints = Endpoints(dice),
            Failovers = FailoversOf(dice, edges),
        };
    }

    private TableService ServiceOf(int s, Random dice)
    {
        AllDownPolicy down = (AllDownPolicy)dice.Next(3);
        return new($"s-{s}", [$"s{s}.example.net"], dice.Next(Profiles), 5 + dice.Next(200), (OverCapacityPolicy)dice.Next(2), down, down == AllDownPolicy.Fallback ? "f.example.net" : null);
    }

    private IEnumerable<PrefixEntry> Drawn(Random dice)
    {
        for (int i = 0; i < Prefixes; i++)
        {
            ClientAddress address = dice.Next(2) == 0
                ? ClientAddress.FromV4((10u << 24) + ((uint)dice.Next(64) << 16))
                : ClientAddress.FromV6(((UInt128)0x20010DB8 << 96) + ((UInt128)dice.Next(64) << 80));
            yield return new(IpPrefix.Around(address, address.IsIPv6 ? dice.Next(30, 65) : dice.Next(7, 29)), dice.Next(-1, 8));
        }
    }

    private EntryRows Entries(Random dice, out int count)
    {
        count = Profiles * (Regions + 1);
        List<int> start = [0];
        List<ushort> all = [], weights = [], overflows = [];
        for (int entry = 0; entry < count; entry++)
        {
            ushort[] listed = Shuffled(dice, Edges)[..dice.Next(Math.Min(Edges, 6) + 1)];
            if (listed.Length == 0)
            {
                overflows.Add(0);
            }
            else
            {
                long[] volumes = [.. listed.Select((_, i) => i <= listed.Length / 2 ? dice.Next(1, 1000) : 0L)];
                ushort[] shares = new ushort[volumes.Length];
                Shares.Quantise(volumes, dice.Next(3) == 0 ? dice.Next(1, 400) : 0, shares, out ushort overflow);
                int[] order = [.. Enumerable.Range(0, shares.Length).OrderByDescending(i => shares[i])];
                all.AddRange(order.Select(i => listed[i]));
                weights.AddRange(order.Select(i => shares[i]));
                overflows.Add(overflow);
            }
            start.Add(all.Count);
        }
        return new(Profiles, [.. start], [.. all], [.. weights], [.. overflows]);
    }

    private EndpointRows Endpoints(Random dice)
    {
        if (dice.Next(5) == 0) return EndpointRows.None;
        List<int> start = [0];
        List<TableEndpoint> all = [];
        for (int row = 0; row < Services * Edges; row++)
        {
            for (int i = dice.Next(3); i > 0; i--) all.Add(new(EndpointType.A, string.Create(CultureInfo.InvariantCulture, $"198.18.{row % 200}.{dice.Next(200)}")));
            start.Add(all.Count);
        }
        return new([.. start], [.. all]);
    }

    private FailoverRows FailoversOf(Random dice, TableEdge[] edges)
    {
        ushort[] up = [.. Enumerable.Range(0, Edges).Where(e => edges[e].State == HealthState.Up).Select(static e => (ushort)e)];
        List<string> names = [];
        List<int> failedStart = [0], rowStart = [0], entries = [], start = [0];
        List<ushort> failed = [], edge = [], weight = [], overflow = [];
        foreach (ushort gone in up.Take(Failovers))
        {
            ushort[] left = [.. up.Where(e => e != gone)];
            for (int entry = 0; entry < Profiles * (Regions + 1); entry++)
            {
                if (entry % (Regions + 1) == Regions || dice.Next(2) == 0) continue;
                entries.Add(entry);
                if (left.Length > 0) edge.Add(left[dice.Next(left.Length)]);
                if (left.Length > 0) weight.Add(Shares.Whole);
                overflow.Add(left.Length > 0 ? (ushort)0 : (ushort)Shares.Whole);
                start.Add(edge.Count);
            }
            names.Add($"edge:{gone}");
            failed.Add(gone);
            failedStart.Add(failed.Count);
            rowStart.Add(entries.Count);
        }
        return names.Count == 0 ? FailoverRows.None
            : new([.. names], [.. failedStart], [.. failed], [.. rowStart], [.. entries], [.. start], [.. edge], [.. weight], [.. overflow], []);
    }

    private static ushort[] Shuffled(Random dice, int count)
    {
        ushort[] all = [.. Enumerable.Range(0, count).Select(static e => (ushort)e)];
        dice.Shuffle(all);
        return all;
    }
}
