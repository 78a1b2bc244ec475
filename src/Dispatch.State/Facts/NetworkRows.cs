using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>The relay network, and the room between networks of clients and edges.</summary>
internal static class NetworkRows
{
    public static void WriteLinks(RowWriter row, WorldFacts facts)
    {
        row.List(facts.EdgeRelayLinks, Write);
        row.List(facts.RelayRelayLinks, Write);
        row.List(facts.RelayOriginLinks, Write);
    }

    public static WorldFacts ReadLinks(RowReader row, WorldFacts sofar) => sofar with
    {
        EdgeRelayLinks = row.List(ReadLink),
        RelayRelayLinks = row.List(ReadLink),
        RelayOriginLinks = row.List(ReadLink),
    };

    public static void WriteContracts(RowWriter row, WorldFacts facts)
    {
        row.List(facts.Contracts, Write);
        row.List(facts.Peering, static (r, cap) =>
        {
            r.Text(cap.Network);
            r.List(cap.Regions, static (w, region) => w.Int(region));
            r.Int(cap.Edge);
            r.Number(cap.Capacity.Value);
        });
    }

    public static WorldFacts ReadContracts(RowReader row, WorldFacts sofar) => sofar with
    {
        Contracts = row.List(ReadContract),
        Peering = row.List(static r => new PeeringCap(r.Text(), r.List(static w => w.Int()), r.Int(), new(r.Number()))),
    };

    private static void Write(RowWriter row, Link link)
    {
        row.Int(link.From);
        row.Int(link.To);
        row.Number(link.Rtt.Value);
        row.Flag(link.IsMeasured);
        row.Maybe(link.Capacity, static (r, room) => r.Number(room.Value));
        row.Number(link.Loss);
        row.Number(link.Jitter.Value);
    }

    private static Link ReadLink(RowReader row) => new(row.Int(), row.Int(), new(row.Number()), row.Flag())
    {
        Capacity = row.Maybe(static r => new Gbps(r.Number())),
        Loss = row.Number(),
        Jitter = new(row.Number()),
    };

    private static void Write(RowWriter row, Contract contract)
    {
        row.Text(contract.Id);
        row.MaybeText(contract.ParentId);
        row.Texts(contract.Edges);
        row.Number(contract.Floor.Value);
        row.Maybe(contract.Ceiling, static (r, most) => r.Number(most.Value));
        row.Byte((int)contract.Billing);
        row.Number(contract.Commit.Value);
        row.Maybe(contract.CommitUsd, static (r, usd) => r.Number(usd));
        row.List(contract.Tiers, static (r, tier) =>
        {
            r.Maybe(tier.UpTo, static (w, end) => w.Number(end.Value));
            r.Number(tier.Usd);
        });
    }

    private static Contract ReadContract(RowReader row) =>
        new(row.Text(), row.MaybeText(), row.Texts(), new(row.Number()), row.Maybe(static r => new Gbps(r.Number())))
        {
            Billing = row.Choice<BillingMethod>(),
            Commit = new(row.Number()),
            CommitUsd = row.Maybe(static r => r.Number()),
            Tiers = row.List(static r => new PriceTier(r.Maybe(static w => new Gbps(w.Number())), r.Number())),
        };
}
