using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Grpc.Core;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Planning;

/// <summary>Makes the errors of planners' questions, and counts them.</summary>
internal static class PlannerRefusal
{
    // What a message of a status may come to: clients take 8 KiB of trailers, percent-encoded.
    private const int MostFaults = 20, LongestFault = 200;

    private static readonly TimeSpan Pushback = TimeSpan.FromSeconds(10);

    /// <summary>INVALID_ARGUMENT, a line each; counted as turned away.</summary>
    public static RpcException Faulty(ImmutableArray<string> faults, PlannerTally tally)
    {
        tally.Refused(RunRefusal.Faults);
        return Faulty(faults);
    }

    /// <summary>INVALID_ARGUMENT, a line each.</summary>
    public static RpcException Faulty(ImmutableArray<string> faults)
    {
        StringBuilder message = new();
        foreach (string fault in faults.Take(MostFaults)) message.Append(message.Length == 0 ? "" : "\n").Append(Shown(fault));
        if (faults.Length > MostFaults) message.Append(CultureInfo.InvariantCulture, $"\nand {faults.Length - MostFaults} more");
        return new(new Status(StatusCode.InvalidArgument, message.ToString()));
    }

    /// <summary>RESOURCE_EXHAUSTED, with when to come again.</summary>
    public static RpcException LineFull(PlannerSettings settings, PlannerTally tally)
    {
        tally.Refused(RunRefusal.LineFull);
        string words = settings.Runs == 0
            ? "Nobody may ask here (Planner:Runs=0)."
            : string.Create(CultureInfo.InvariantCulture, $"{settings.Queue} callers wait already, as many as may (Planner:Queue): come again later.");
        Metadata trailers = [];
        trailers.Add("grpc-retry-pushback-ms", settings.Runs == 0 ? "-1" : ((long)Pushback.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        return new(new Status(StatusCode.ResourceExhausted, words), trailers);
    }

    /// <summary>FAILED_PRECONDITION: nothing is solved here; whom to ask.</summary>
    public static RpcException NoOptimum(Options.Role role, TableHolder holder, PlannerTally tally)
    {
        tally.Refused(RunRefusal.NoOptimum);
        string leader = holder.Replica is { Leader.Length: > 0 } replica ? $" {replica.Leader} leads now." : "";
        string words = role switch
        {
            Options.Role.Serve or Options.Role.Fold => $"This process does not solve (Role={role.ToString().ToLowerInvariant()}): ask the one that does.{leader}",
            _ when holder.Replica is { Leads: false } => $"Another process solves: ask that one.{(leader.Length > 0 ? leader : " None is known to lead yet.")}",
            _ when holder.Freeze is not null => "Nothing has been solved here since the start, and publishing is frozen: unfreeze it, then ask again.",
            _ => "Nothing has been solved here yet: ask again after the first cycle.",
        };
        return new(new Status(StatusCode.FailedPrecondition, words));
    }

    private static string Shown(string fault)
    {
        string line = string.Concat(fault.Select(static c => char.IsControl(c) ? '\uFFFD' : c));
        return line.Length <= LongestFault ? line : string.Concat(line.AsSpan(0, LongestFault), "…");
    }
}
