using System.Globalization;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve.Baselines;
using Figures = TrafficDispatch.Solve.PlanFigures;

namespace TrafficDispatch.Service.Serve;

/// <summary>Puts a plan, its baselines and its contradictions into a status reply.</summary>
internal static class PlanMessages
{
    /// <summary>Fills the fields that speak of the plan's worth.</summary>
    public static void Add(StatusReply reply, PlanSummary plan)
    {
        reply.Optimum = Of(plan.Report.Optimum);
        reply.OptimumByClass.Add(ByClass(plan.Report.Optimum));
        foreach (BaselineReport baseline in plan.Report.Baselines)
        {
            Protocol.V1.Baseline message = Of(baseline);
            reply.Baselines.Add(message);
            if (baseline.Name == GreedyBaseline.Name) reply.Greedy = message.Figures;
        }
        reply.Contradictions.Add(plan.Contradictions.Select(static c =>
            new Contradiction { Kind = c.Kind, Subject = c.Subject, Rule = c.Rule, Remedy = c.Remedy }));
    }

    /// <summary>A simpler rule's plan beside the optimum.</summary>
    public static Protocol.V1.Baseline Of(BaselineReport baseline)
    {
        Protocol.V1.Baseline message = new() { Name = baseline.Name, Rule = baseline.Rule, Figures = Of(baseline.Plan), OptimumSaves = Of(baseline.Worth) };
        message.ByClass.Add(ByClass(baseline.Plan));
        return message;
    }

    private static IEnumerable<ClassFigures> ByClass(PlanReport plan) => plan.ByClass.Select(static c =>
        new ClassFigures { ClassId = c.ClassId, Priority = (uint)c.Priority, Figures = Of(c.Figures) });

    private static PlanFigures Of(PlanReport plan)
    {
        PlanFigures message = Of(plan.Overall);
        message.Objective = plan.Objective.ToString(CultureInfo.InvariantCulture);
        return message;
    }

    /// <summary>A plan's figures.</summary>
    public static PlanFigures Of(Figures figures) => new()
    {
        DemandMbps = figures.Demand.Value,
        UnservedMbps = figures.Unserved.Value,
        CostMicroUsdPerHour = (long)figures.CostMicroUsdPerHour,
        MeanRttUs = figures.MeanRtt.Value,
        P50RttUs = figures.P50Rtt.Value,
        P95RttUs = figures.P95Rtt.Value,
        P99RttUs = figures.P99Rtt.Value,
    };

    private static Protocol.V1.PlanWorth Of(Solve.Baselines.PlanWorth worth) => new()
    {
        Objective = worth.ObjectiveSaved.ToString(CultureInfo.InvariantCulture),
        CostMicroUsdPerHour = (long)worth.CostSavedMicroUsdPerHour,
        CostAtEqualVolumeMicroUsdPerHour = (long)worth.CostSavedAtEqualVolumeMicroUsdPerHour,
        MeanRttUs = worth.MeanRttSavedMicroseconds,
        P50RttUs = worth.P50RttSavedMicroseconds,
        P95RttUs = worth.P95RttSavedMicroseconds,
        UnservedMbps = worth.UnservedSavedMbps,
    };
}
