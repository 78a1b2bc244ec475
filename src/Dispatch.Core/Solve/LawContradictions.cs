using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.Solve;

/// <summary>
/// Finds regions that law, service, reach and health together leave without any edge although the law binds them: they are unserved, and
/// everybody else is served.
/// </summary>
/// <remarks>
/// Of the settings that meet, the first that leaves nothing is named: the law alone, then the service's edges inside the law, then the
/// reach inside both, then health. A free region without an edge is no contradiction of law and is not named here.
/// </remarks>
internal static class LawContradictions
{
    private const string ServiceMark = ", service ";

    /// <summary>All of them, region by region. O(groups × edges) in the bound regions alone.</summary>
    public static ImmutableArray<Contradiction> Of(CostModel model)
    {
        ImmutableArray<Contradiction>.Builder found = ImmutableArray.CreateBuilder<Contradiction>();
        World world = model.Snapshot.World;
        long[] row = new long[world.Edges.Length];
        int told = -1;
        for (int g = 0; g < model.Groups.Count; g++)
        {
            ClientGroup group = model.Groups[g];
            ClientRegion region = world.Regions[group.Region];
            bool bound = region.InJurisdictionOnly || world.Law.IsBound(region.Jurisdiction);
            if (!bound || group.Region == told) continue;
            model.Row(g, row);
            if (row.Any(static c => c != CostModel.NotAllowed)) continue;
            int[] lawful = [.. Enumerable.Range(0, row.Length).Where(e => model.IsLawful(region, world.Edges[e]))];
            // The law may well bind its traffic and still let every edge serve its viewers.
            if (lawful.Length == row.Length) continue;
            if (lawful.Length == 0) told = group.Region;
            Contradiction next = Name(model, group, lawful, row);
            if (found.Count > 0 && IsOfOneRegion(found[^1], next, region)) found[^1] = Merged(found[^1], next);
            else found.Add(next);
        }
        return found.ToImmutable();
    }

    /// <summary>A region whose services fail alike is told of once.</summary>
    private static bool IsOfOneRegion(Contradiction one, Contradiction next, ClientRegion region) =>
        one.Kind == next.Kind && one.Subject.StartsWith($"region {region.Id}, ", StringComparison.Ordinal);

    private static Contradiction Merged(Contradiction one, Contradiction next) =>
        one with { Subject = $"{one.Subject}, {next.Subject[(next.Subject.IndexOf(ServiceMark, StringComparison.Ordinal) + ServiceMark.Length)..]}" };

    private static Contradiction Name(CostModel model, ClientGroup group, int[] lawful, long[] row)
    {
        World world = model.Snapshot.World;
        ClientRegion region = world.Regions[group.Region];
        string where = Where(model, region);
        if (lawful.Length == 0)
        {
            return new("residency_without_edge", $"region {region.Id}", $"{where}, and the world has no edge there",
                $"add an edge in {Places(model, region)}, or allow {region.Jurisdiction} another jurisdiction's edges (allowed.csv, residency_rule)");
        }
        string subject = Subject(model, group, region);
        if (!lawful.Any(e => model.Accepts(group, e)))
        {
            return new("residency_without_service_edge", subject, $"{where}, and none of the {Count(lawful.Length)} edges there may serve these services",
                $"let a service of this class use an edge in {Places(model, region)} (operators and edges of services.csv)");
        }
        model.RowWhateverHealth(GroupOrdinal(model, group), row);
        return row.All(static c => c == CostModel.NotAllowed)
            ? new("residency_without_edge_in_reach", subject, $"{where}, and every edge there that may serve it is beyond the longest round trip allowed",
                $"add a nearer edge in {Places(model, region)}, or raise max_rtt_ms")
            : new("residency_without_working_edge", subject, $"{where}, and every edge there that may serve it is down or drained",
                $"bring an edge in {Places(model, region)} back, or add one");
    }

    private static int GroupOrdinal(CostModel model, ClientGroup group) =>
        group.Region * (model.Groups.Count / model.Snapshot.World.Regions.Length) + group.Profile;

    private static string Subject(CostModel model, ClientGroup group, ClientRegion region)
    {
        if (model is not FullCost full) return $"region {region.Id}";
        World world = model.Snapshot.World;
        IEnumerable<string> services = world.Services.Where((_, s) => full.Profiles.OfService[s] == group.Profile).Select(static s => s.Id);
        return $"region {region.Id}{ServiceMark}{string.Join(", ", services)}";
    }

    private static string Where(CostModel model, ClientRegion region) =>
        $"the law keeps viewers of {region.Jurisdiction} on edges in {Places(model, region)}";

    /// <summary>Where the region's edges may stand, as the law in force says it.</summary>
    private static string Places(CostModel model, ClientRegion region)
    {
        AllowedHop? rule = model is FullCost
            ? model.Snapshot.World.Law.Rules.FirstOrDefault(r => r.Hop == NodeKind.Edge && r.Jurisdiction == region.Jurisdiction)
            : null;
        return rule is null ? region.Jurisdiction : string.Join(" or ", rule.Allowed);
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
