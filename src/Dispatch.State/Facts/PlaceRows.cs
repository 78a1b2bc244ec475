using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Facts;

/// <summary>Who there is and where: everything of regions and nodes that feeds do not change.</summary>
internal static class PlaceRows
{
    public static void Write(RowWriter row, WorldFacts facts)
    {
        row.List(facts.Regions, Write);
        row.List(facts.Edges, Write);
        row.List(facts.Relays, static (r, relay) => WriteNode(r, relay.Id, relay.Place, relay.FaultDomain, relay.Jurisdiction));
        row.List(facts.Origins, static (r, origin) => WriteNode(r, origin.Id, origin.Place, origin.FaultDomain, origin.Jurisdiction));
    }

    public static WorldFacts Read(RowReader row, WorldFacts sofar) => sofar with
    {
        Regions = row.List(ReadRegion),
        Edges = row.List(ReadEdge),
        Relays = row.List(static r => new Relay(r.Text(), ReadPlace(r), default, 0, r.Text(), r.Text())),
        Origins = row.List(static r => new Origin(r.Text(), ReadPlace(r), default, r.Text(), r.Text())),
    };

    private static void Write(RowWriter row, ClientRegion region)
    {
        row.Text(region.Id);
        Write(row, region.Place);
        row.Text(region.Country);
        row.Number(region.UtcOffsetHours);
        row.Text(region.Jurisdiction);
        row.Flag(region.InJurisdictionOnly);
    }

    private static ClientRegion ReadRegion(RowReader row) =>
        new(row.Text(), ReadPlace(row), row.Text(), row.Number(), row.Text(), row.Flag(), default);

    private static void Write(RowWriter row, Edge edge)
    {
        row.Text(edge.Operator);
        row.Flag(edge.IsThirdParty);
        row.Text(edge.SiteCode);
        WriteNode(row, edge.Id, edge.Place, edge.FaultDomain, edge.Jurisdiction);
    }

    private static Edge ReadEdge(RowReader row)
    {
        (string owner, bool isThirdParty, string site) = (row.Text(), row.Flag(), row.Text());
        return new(row.Text(), owner, isThirdParty, site, ReadPlace(row), default, default, row.Text(), row.Text());
    }

    private static void WriteNode(RowWriter row, string id, Place place, string faultDomain, string jurisdiction)
    {
        row.Text(id);
        Write(row, place);
        row.Text(faultDomain);
        row.Text(jurisdiction);
    }

    private static void Write(RowWriter row, Place place)
    {
        row.Text(place.City);
        row.Text(place.Iso2);
        row.Text(place.Continent);
        row.Text(place.Zone);
        row.Number(place.Point.Latitude);
        row.Number(place.Point.Longitude);
    }

    private static Place ReadPlace(RowReader row) =>
        new(row.Text(), row.Text(), row.Text(), row.Text(), new GeoPoint(row.Number(), row.Number()));
}

/// <summary>The figures that feeds change: capacity, cost and demand, by the order of <see cref="PlaceRows"/>.</summary>
internal static class FigureRows
{
    public static void WriteCapacity(RowWriter row, WorldFacts facts)
    {
        row.List(facts.Edges, static (r, e) => r.Number(e.Capacity.Value));
        row.List(facts.Relays, static (r, e) => r.Number(e.Capacity.Value));
        row.List(facts.Origins, static (r, e) => r.Number(e.Capacity.Value));
    }

    public static WorldFacts ReadCapacity(RowReader row, WorldFacts sofar) => sofar with
    {
        Edges = Each(row, sofar.Edges, static (e, r) => e with { Capacity = new(r.Number()) }),
        Relays = Each(row, sofar.Relays, static (e, r) => e with { Capacity = new(r.Number()) }),
        Origins = Each(row, sofar.Origins, static (e, r) => e with { Capacity = new(r.Number()) }),
    };

    public static void WriteCost(RowWriter row, WorldFacts facts)
    {
        row.List(facts.Edges, static (r, e) =>
        {
            r.Byte((int)e.Price.Model);
            r.Number(e.Price.UsdPerGb);
            r.Number(e.Price.UsdPerMbpsMonth);
        });
        row.List(facts.Relays, static (r, e) => r.Number(e.UsdPerGb));
    }

    public static WorldFacts ReadCost(RowReader row, WorldFacts sofar) => sofar with
    {
        Edges = Each(row, sofar.Edges, static (e, r) => e with { Price = new(r.Choice<PriceModel>(), r.Number(), r.Number()) }),
        Relays = Each(row, sofar.Relays, static (e, r) => e with { UsdPerGb = r.Number() }),
    };

    public static void WriteDemand(RowWriter row, WorldFacts facts)
    {
        row.List(facts.Regions, static (r, e) => r.Number(e.Peak.Value));
        row.List(facts.Diurnal.FractionOfPeak, static (r, f) => r.Number(f));
    }

    public static WorldFacts ReadDemand(RowReader row, WorldFacts sofar)
    {
        ImmutableArray<ClientRegion> regions = Each(row, sofar.Regions, static (e, r) => e with { Peak = new(r.Number()) });
        ImmutableArray<double> day = row.List(static r => r.Number());
        if (day.Length != 24) throw new InvalidDataException($"a day has 24 hours, not {day.Length}");
        return sofar with { Regions = regions, Diurnal = new DiurnalCurve(day) };
    }

    private static ImmutableArray<T> Each<T>(RowReader row, ImmutableArray<T> items, Func<T, RowReader, T> read)
    {
        int count = row.Int();
        if (count != items.Length) throw new InvalidDataException($"holds {count} figures for {items.Length} places");
        ImmutableArray<T>.Builder next = ImmutableArray.CreateBuilder<T>(count);
        foreach (T item in items) next.Add(read(item, row));
        return next.MoveToImmutable();
    }
}
