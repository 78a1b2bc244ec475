using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads the tables of places: regions, edges, relays and origins.</summary>
internal static class PlaceTables
{
    public const string RegionsFile = "regions.csv";
    public const string EdgesFile = "edges.csv";
    public const string RelaysFile = "relays.csv";
    public const string OriginsFile = "origins.csv";

    public static ImmutableArray<ClientRegion> ReadRegions(WorldDraft draft)
    {
        if (draft.Open(draft.Regions, RegionsFile, required: true) is not { } t) return [];
        Column id = t.Required("region_id"), country = t.Required("country");
        PlaceColumns place = new(t);
        Column offset = t.Required("utc_offset_h"), law = t.Required("jurisdiction"), rule = t.Required("residency_rule");
        Column peak = t.Required("peak_gbps");
        (Column, NumberRule)[] behind =
        [
            (t.Optional("internet_users"), NumberRule.People), (t.Optional("quality_factor"), NumberRule.Fraction),
            (t.Optional("mobile_share"), NumberRule.Share), (t.Optional("access_rtt_ms"), NumberRule.Rtt),
        ];
        t.Ignored("admin", "timezone");
        return Rows(t, draft.Regions, () =>
        {
            ClientRegion region = new(
                draft.Regions.Add(t, id), place.Read(t), t.Free(country), t.Number(offset, NumberRule.UtcOffset),
                draft.Jurisdictions.OfRegion(t, law), t.Word(rule, ("", false), ("in_jurisdiction", true)),
                new Gbps(t.Number(peak, NumberRule.Rate)));
            // The figures behind the demand decide nothing here, yet a broken one means a broken row.
            foreach ((Column column, NumberRule bounds) in behind) t.Number(column, bounds, absent: 0);
            return region;
        });
    }

    public static ImmutableArray<Edge> ReadEdges(WorldDraft draft)
    {
        if (draft.Open(draft.Edges, EdgesFile, required: true) is not { } t) return [];
        Column id = t.Required("edge_id"), by = t.Required("operator"), kind = t.Required("kind"), site = t.Required("site_code");
        PlaceColumns place = new(t);
        Column capacity = t.Required("capacity_gbps"), domain = t.Required("fault_domain"), law = t.Required("jurisdiction");
        PriceColumns price = new(t);
        t.Ignored("price_source");
        return Rows(t, draft.Edges, () => new Edge(
            draft.Edges.Add(t, id), t.Label(by), t.Word(kind, ("own", false), ("cdn", true)), t.Free(site), place.Read(t),
            new Gbps(t.Number(capacity, NumberRule.Rate)), price.Read(t), t.Label(domain), draft.Jurisdictions.OfEdge(t, law)));
    }

    public static ImmutableArray<Relay> ReadRelays(WorldDraft draft)
    {
        if (draft.Open(draft.Relays, RelaysFile, required: false) is not { } t) return [];
        Column id = t.Required("relay_id");
        PlaceColumns place = new(t);
        Column capacity = t.Required("capacity_gbps"), usdPerGb = t.Required("usd_per_gb");
        Column domain = t.Required("fault_domain"), law = t.Required("jurisdiction");
        return Rows(t, draft.Relays, () => new Relay(
            draft.Relays.Add(t, id, draft.Edges), place.Read(t), new Gbps(t.Number(capacity, NumberRule.Rate)),
            t.Number(usdPerGb, NumberRule.Money), t.Label(domain), draft.Jurisdictions.OfOther(t, law)), mayBeEmpty: true);
    }

    public static ImmutableArray<Origin> ReadOrigins(WorldDraft draft)
    {
        if (draft.Open(draft.Origins, OriginsFile, required: false) is not { } t) return [];
        Column id = t.Required("origin_id");
        PlaceColumns place = new(t);
        Column capacity = t.Required("capacity_gbps"), domain = t.Required("fault_domain"), law = t.Required("jurisdiction");
        return Rows(t, draft.Origins, () => new Origin(
            draft.Origins.Add(t, id, draft.Edges, draft.Relays), place.Read(t), new Gbps(t.Number(capacity, NumberRule.Rate)),
            t.Label(domain), draft.Jurisdictions.OfOther(t, law)), mayBeEmpty: true);
    }

    private static ImmutableArray<T> Rows<T>(TableReader table, IdIndex ids, Func<T> read, bool mayBeEmpty = false)
    {
        if (!table.Begin())
        {
            ids.IsComplete = false;
            return [];
        }
        ImmutableArray<T>.Builder rows = ImmutableArray.CreateBuilder<T>();
        while (table.Next()) rows.Add(read());
        if (rows.Count == 0 && !mayBeEmpty) table.Fault($"must have at least one {ids.Kind}");
        return rows.ToImmutable();
    }

    /// <summary>The columns that say where something stands.</summary>
    private sealed class PlaceColumns(TableReader t)
    {
        private readonly Column _city = t.Required("city"), _iso2 = t.Required("iso2"), _continent = t.Required("continent");
        private readonly Column _zone = t.Required("zone"), _lat = t.Required("lat"), _lon = t.Required("lon");

        public Place Read(TableReader t) => new(
            t.Free(_city), t.TwoLetters(_iso2), t.TwoLetters(_continent), t.Label(_zone),
            new GeoPoint(t.Number(_lat, NumberRule.Latitude), t.Number(_lon, NumberRule.Longitude)));
    }

    /// <summary>The columns that say what traffic costs.</summary>
    private sealed class PriceColumns(TableReader t)
    {
        private readonly Column _model = t.Required("price_model"), _perGb = t.Required("usd_per_gb");
        private readonly Column _perMonth = t.Required("usd_per_mbps_month");

        public Price Read(TableReader t)
        {
            PriceModel model = t.Word(_model, ("per_gb", PriceModel.PerGb), ("per_mbps_month", PriceModel.PerMbpsMonth));
            double perGb = t.Number(_perGb, NumberRule.Money);
            bool mayLack = model == PriceModel.PerGb && t.IsEmpty(_perMonth);
            double perMonth = mayLack ? 0 : t.Number(_perMonth, NumberRule.Money);
            return new(model, perGb, model == PriceModel.PerGb ? 0 : perMonth);
        }
    }
}
