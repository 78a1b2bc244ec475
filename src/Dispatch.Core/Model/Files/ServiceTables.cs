using System.Collections.Immutable;
using System.Globalization;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads the tables of what is served: traffic classes, services, endpoints and streams.</summary>
internal static class ServiceTables
{
    public const string ClassesFile = "classes.csv";
    public const string ServicesFile = "services.csv";
    private const double ShareTolerance = 1e-6, PercentPerWhole = 100;
    private static readonly NumberRule Positive = new(double.Epsilon, 1e6, "must be a finite number > 0");

    /// <summary>
    /// <c>class_id,priority,share,latency_weight_micro_usd_per_mbps_hour_ms</c> and, if wanted, <c>max_rtt_ms,
    /// loss_weight_micro_usd_per_mbps_hour_percent,max_loss_percent,sticky_share</c>; an empty maximum is no bound, other empty fields are 0.
    /// </summary>
    public static ImmutableArray<TrafficClass> ReadClasses(WorldDraft draft)
    {
        if (draft.Open(draft.Classes, ClassesFile, required: false) is not { } t) return DefaultClass(draft);
        Column id = t.Required("class_id"), priority = t.Required("priority"), share = t.Required("share");
        Column weight = t.Required("latency_weight_micro_usd_per_mbps_hour_ms"), maxRtt = t.Optional("max_rtt_ms");
        Column lossWeight = t.Optional("loss_weight_micro_usd_per_mbps_hour_percent"), maxLoss = t.Optional("max_loss_percent");
        Column sticky = t.Optional("sticky_share");
        draft.Classes.IsComplete &= t.Begin();
        if (!draft.Classes.IsComplete) return [TrafficClass.Default];
        ImmutableArray<TrafficClass>.Builder rows = ImmutableArray.CreateBuilder<TrafficClass>();
        int before = draft.Log.FaultCount;
        while (t.Next())
            rows.Add(new(
                draft.Classes.Add(t, id), t.Whole(priority, 1, 9), t.Number(share, NumberRule.Share), t.Number(weight, NumberRule.Weight),
                t.IsEmpty(maxRtt) ? null : new Milliseconds(t.Number(maxRtt, Positive)))
            {
                LossWeight = t.Number(lossWeight, NumberRule.Weight, absent: 0),
                MaxLoss = t.IsEmpty(maxLoss) ? null : t.Number(maxLoss, NumberRule.Percent) / PercentPerWhole,
                StickyShare = t.Number(sticky, NumberRule.Share, absent: 0),
            });
        double sum = rows.Sum(static c => c.Share);
        if (draft.Log.FaultCount == before && Math.Abs(sum - 1) > ShareTolerance)
            t.Fault(string.Create(CultureInfo.InvariantCulture, $"the shares of all classes must sum to 1; they sum to {sum:0.######}"));
        return rows.ToImmutable();
    }

    /// <summary>
    /// <c>service_id,class</c> and, where they differ from the default, <c>hostnames,operators,edges,ttl_s,class_share,over_capacity,
    /// all_down,fallback_host</c>; lists between semicolons.
    /// </summary>
    public static ImmutableArray<Service> ReadServices(WorldDraft draft, ImmutableArray<TrafficClass> classes, IReadOnlySet<string> operators)
    {
        if (draft.Open(draft.Services, ServicesFile, required: false) is not { } t) return OnePerClass(draft, classes);
        ServiceColumns columns = new(t);
        draft.Services.IsComplete &= t.Begin();
        if (!draft.Services.IsComplete) return [Service.Default];
        ImmutableArray<Service>.Builder rows = ImmutableArray.CreateBuilder<Service>();
        Dictionary<string, int> hostLines = new(StringComparer.Ordinal);
        while (t.Next()) rows.Add(columns.Read(t, draft, operators, hostLines));
        if (rows.Count == 0) t.Fault("must have at least one service");
        if (!t.HadBroken) WarnOfUnserved(t, classes, rows);
        return rows.ToImmutable();
    }

    private static ImmutableArray<TrafficClass> DefaultClass(WorldDraft draft)
    {
        draft.Classes.AddBuiltIn(TrafficClass.Default.Id);
        return [TrafficClass.Default];
    }

    private static ImmutableArray<Service> OnePerClass(WorldDraft draft, ImmutableArray<TrafficClass> classes)
    {
        foreach (TrafficClass c in classes) draft.Services.AddBuiltIn(c.Id);
        return [.. classes.Select(static c => Service.Default with { Id = c.Id, ClassId = c.Id })];
    }

    private static void WarnOfUnserved(TableReader t, ImmutableArray<TrafficClass> classes, IReadOnlyCollection<Service> services)
    {
        foreach (TrafficClass c in classes)
            if (c.Share > 0 && services.Where(s => s.ClassId == c.Id).Sum(static s => s.ClassShare) <= 0)
                t.Warn($"no service takes the demand of class '{c.Id}'");
    }
}
