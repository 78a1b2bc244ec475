using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Flow;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch flow</c>: solves a min-cost flow problem in DIMACS form and proves the answer.</summary>
internal sealed class FlowCommand : DispatchCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "Problem in DIMACS min form, plain or gzipped" };
    private readonly Option<bool> _json = JsonOption();
    private readonly Option<int> _repeat = NumberOption.Whole("--repeat", "N", "Solve N times; build_ms and solve_ms are medians", 1, 100_000, 1);
    private readonly Option<double?> _limit = NumberOption.Real("--time-limit", "SECONDS", "Give up one solve after so long (exit code 5)", aboveZero: true);
    private readonly Option<string?> _solution = new("--solution") { Description = "Also write the flow of every arc to this file, in DIMACS form", HelpName = "FILE" };

    public FlowCommand(Terminal terminal)
        : base(terminal, "flow", "Solves a min-cost flow problem exactly and proves the optimum")
    {
        Add(_file);
        Add(_json);
        Add(_repeat);
        Add(_limit);
        Add(_solution);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch flow network.min",
        "dispatch flow network.min.gz --json --repeat 5",
        "dispatch flow network.min --time-limit 10 --solution network.sol",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        FlowOptions options = new() { Clock = Terminal.Clock, TimeLimit = Seconds.ToTimeSpan(parsed.GetValue(_limit)) };
        string path = parsed.GetRequiredValue(_file);
        if (path.Length == 0) return Task.FromResult(Refuse("FILE is empty; it must name a file"));
        FlowFileOutcome outcome;
        using (ProgressLine progress = new(Terminal))
            outcome = FlowFile.Run(path, parsed.GetValue(_repeat), options, measureMemory: parsed.GetValue(_json), progress, cancellation);
        return Task.FromResult(Report(outcome, parsed));
    }

    private int Report(FlowFileOutcome outcome, ParseResult parsed)
    {
        if (outcome is not { Network: { } network, Solution: { } solution })
        {
            foreach (DimacsFault fault in outcome.Faults) Terminal.WriteFault(fault.ToString());
            return ExitCode.BadInput;
        }
        if (outcome.Certificate is { Valid: false })
        {
            Terminal.WriteFault($"the answer failed its proof, gap {outcome.Certificate.Gap}, {outcome.Certificate.ViolationCount} conditions broken; this is a defect, please report the file");
            return ExitCode.Defect;
        }
        if (parsed.GetValue(_solution) is { } path && !TryWriteSolution(path, network, solution)) return ExitCode.BadInput;
        if (parsed.GetValue(_json)) FlowReport.WriteJson(Terminal.Output, network, outcome, solution);
        else FlowReport.WriteText(Terminal, solution);
        return solution.Status.ToExitCode();
    }

    private bool TryWriteSolution(string path, FlowNetwork network, FlowSolution solution)
    {
        try
        {
            using FileStream file = File.Create(path);
            DimacsWriter.WriteSolution(file, network, solution);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Terminal.WriteFault($"{path}: cannot be written: {e.Message}");
            return false;
        }
    }

    private int Refuse(string fault)
    {
        Terminal.WriteFault(fault);
        return ExitCode.BadInput;
    }
}
