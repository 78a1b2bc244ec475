using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Model.Files;

internal sealed partial class WorldWriter
{
    private void WriteContracts()
    {
        ILookup<string, Edge> byOperator = _facts.Edges.ToLookup(static e => e.Operator, StringComparer.Ordinal);
        Write(ContractTable.File, "contract_id,parent,operator,edges,floor_gbps,ceiling_gbps,billing,commit_gbps,commit_usd,tiers", _facts.Contracts.Select(c =>
        {
            string[] operators = [.. c.Edges.Select(e => world.Edges[world.EdgeOrdinal(e)].Operator).Distinct(StringComparer.Ordinal)];
            bool isWhole = operators.Sum(o => byOperator[o].Count()) == c.Edges.Length;
            return Row(
            [
                c.Id, c.ParentId ?? "", string.Join(';', operators), isWhole ? "" : string.Join(';', c.Edges), c.Floor.Value,
                c.Ceiling is { } ceiling ? ceiling.Value : "", c.Billing == BillingMethod.Volume ? "volume" : "p95", c.Commit.Value, c.CommitUsd is { } usd ? usd : "",
                string.Join(';', c.Tiers.Select(static t => $"{(t.UpTo is { } end ? Text(end.Value) : "*")}:{Text(t.Usd)}")),
            ]);
        }));
    }

    /// <summary>Links of which nothing is said are left out, as a row must say something.</summary>
    private void WriteRoom() => Write(RoomTable.File, "kind,from,to,capacity_gbps,loss,jitter_ms",
    [
        .. Room("edge_relay", _facts.EdgeRelayLinks, e => _facts.Edges[e].Id, r => _facts.Relays[r].Id),
        .. Room("relay_relay", _facts.RelayRelayLinks, a => _facts.Relays[a].Id, b => _facts.Relays[b].Id),
        .. Room("relay_origin", _facts.RelayOriginLinks, r => _facts.Relays[r].Id, o => _facts.Origins[o].Id),
        .. _facts.Peering.Select(p => Row(["peering", Clients(p), _facts.Edges[p.Edge].Id, p.Capacity.Value, "", ""])),
    ]);

    /// <summary>The cap's network where its name says which regions it holds, else the regions one by one.</summary>
    private string Clients(PeeringCap cap)
    {
        HashSet<string> names = [.. cap.Network.Split(';')];
        bool isNamed = cap.Regions.SequenceEqual(Enumerable.Range(0, world.Regions.Length).Where(r => RoomTable.NamesOf(world.Regions[r]).Any(names.Contains)));
        return isNamed ? cap.Network : string.Join(';', cap.Regions.Select(r => $"region:{world.Regions[r].Id}"));
    }

    private static IEnumerable<string> Room(string kind, IEnumerable<Link> links, Func<int, string> first, Func<int, string> second) => links
        .Where(static l => l.Capacity is not null || l.Loss > 0 || l.Jitter.Value > 0)
        .Select(l => Row([kind, first(l.From), second(l.To), l.Capacity is { } room ? room.Value : "", l.Loss, l.Jitter.Value]));

    private void WriteLoss()
    {
        if (_facts.Loss is not { } loss) Remove(DemandTables.LossFile);
        else
            Write(DemandTables.LossFile, Row(["region_id", .. _facts.Edges.Select(static e => e.Id)]), _facts.Regions.Select((r, at) => Row(
                [r.Id, .. loss.Row(at).ToArray().Select(static f => (object)Percent(f))])));
    }

    /// <summary>The percentage that the loader divides back into the fraction, exactly wherever one exists.</summary>
    private static double Percent(double fraction)
    {
        double near = fraction * 100, round = Math.Round(near, 12);
        foreach (double percent in (ReadOnlySpan<double>)[round, near, Math.BitDecrement(near), Math.BitIncrement(near)])
            if (percent / 100 == fraction) return percent;
        return near;
    }

    private static string Joined(ImmutableArray<double> rates) => string.Join(';', rates.Select(Text));

    private static string Moment(DateTimeOffset moment) => moment.ToUniversalTime().ToString(TableReader.MomentFormat, CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
