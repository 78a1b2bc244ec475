using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;

namespace TrafficDispatch.Cli.Output;

/// <summary>What a failure leaves unserved of one class.</summary>
/// <param name="Class">The traffic class; empty under the reference objective.</param>
/// <param name="Priority">Its priority, 1 the highest; 0 under the reference objective.</param>
/// <param name="MoreGbps">Unserved beyond what the main plan leaves.</param>
internal sealed record UnservedClass(string Class, int Priority, double MoreGbps);

/// <summary>Reads off a report of failures what people and programs ask about.</summary>
internal static class FailureView
{
    /// <summary>What more stays unserved, by class, highest priority first.</summary>
    public static UnservedClass[] ByClass(FailureReport report, FailureOutcome outcome)
    {
        CostModel model = report.Main.Model;
        World world = report.Main.Snapshot.World;
        return [.. outcome.UnservedMore.GroupBy(u => ClassOf(model, u.Group))
            .Select(c => new UnservedClass(
                c.Key < 0 ? "" : world.Classes[c.Key].Id, c.Key < 0 ? 0 : world.Classes[c.Key].Priority, c.Sum(static u => u.After.Gbps - u.Before.Gbps)))
            .OrderBy(static c => c.Priority).ThenBy(static c => c.Class, StringComparer.Ordinal)];
    }

    /// <summary>Region and class of a group.</summary>
    public static (string Region, string Class) NameOf(FailureReport report, int group)
    {
        World world = report.Main.Snapshot.World;
        int cls = ClassOf(report.Main.Model, group);
        return (world.Regions[report.Main.Model.Groups[group].Region].Id, cls < 0 ? "" : world.Classes[cls].Id);
    }

    private static int ClassOf(CostModel model, int group) => model is FullCost full ? full.Profiles.Profiles[model.Groups[group].Profile].Class : -1;
}
