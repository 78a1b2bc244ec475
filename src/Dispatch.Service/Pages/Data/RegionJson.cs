using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>Who serves one region, services that share their rules together.</summary>
internal static class RegionJson
{
    /// <summary>Writes it. O(edges of its entries).</summary>
    /// <param name="moment">The moment; it has a table.</param>
    /// <param name="region">Ordinal of the region.</param>
    public static byte[] Of(PageMoment moment, int region) => JsonBytes.Of(json =>
    {
        TableContent table = moment.State!.Table.Content;
        EntryShares shares = new(moment.State.Table, moment.State.Overlay.Down);
        json.WriteStartObject();
        json.WriteString("id", table.Regions[region].Id);
        json.WriteString("table", moment.State.Table.Version.ToString());
        json.WriteObjects("profiles", Enumerable.Range(0, table.Entries.Profiles), (j, profile) =>
        {
            int entry = profile * (table.Regions.Length + 1) + region;
            long demand = moment.Traffic.IsKnown ? moment.Traffic.EntryDemand[entry] : 0;
            Dictionary<int, long> served = [];
            long unserved = TrafficView.Split(demand, shares.Read(entry), served);
            j.WriteTexts("services", table.Services.Where(s => s.Profile == profile).Select(static s => s.Id));
            j.WriteNumber("demand", demand);
            j.WriteNumber("unserved", unserved);
            j.WriteNumbers("edges", [.. served.Where(static s => s.Value > 0).OrderByDescending(static s => s.Value).ThenBy(static s => s.Key).SelectMany(static s => (long[])[s.Key, s.Value])]);
        });
        json.WriteEndObject();
    });
}
