using TrafficDispatch.Flow;

namespace TrafficDispatch.Cli.Output;

/// <summary>How a solve's end is written and what the process returns for it.</summary>
internal static class FlowStatusText
{
    /// <summary>The word for JSON and the <c>s</c> line.</summary>
    public static string Word(this FlowStatus status) => DimacsWriter.Word(status);

    /// <summary>The exit code.</summary>
    public static int ToExitCode(this FlowStatus status) => status switch
    {
        FlowStatus.Optimal => ExitCode.Done,
        FlowStatus.Infeasible => ExitCode.Infeasible,
        FlowStatus.Unbounded => ExitCode.Unbounded,
        FlowStatus.BudgetEnded => ExitCode.BudgetEnded,
        _ => ExitCode.BadInput,
    };
}
