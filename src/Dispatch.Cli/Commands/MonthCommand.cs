using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch month</c>: a month's bills with and without burst awareness.</summary>
internal sealed class MonthCommand : DispatchCommand
{
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<int> _days = NumberOption.Whole("--days", "N", "Days of the billing period; monthly prices count in proportion", 1, 366, 30);
    private readonly Option<int> _slotsPerHour = NumberOption.Whole("--slots-per-hour", "K", "Billing slots an hour; 12 are five minutes each", 1, 60, 12);
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "S", "Which month: noise and flash crowds; levels are learned from the month of the seed before", 0, 1_000_000_000, 1);
    private readonly Option<int> _candidates = NumberOption.Whole("--candidates", "N", "Edges a region may use: half its nearest, half its cheapest", 1, 100_000, new MonthOptions().Candidates);
    private readonly Option<int> _rounds = NumberOption.Whole("--rounds", "N", "Passes over the month before in search of levels to be billed for; 0 keeps its billed levels", 0, 1000, new MonthOptions().SearchRounds);
    private readonly Option<string?> _state = new("--state") { Description = "Accounts at the end of the month before, whose billed levels to start from; simulated where not given", HelpName = "FILE" };
    private readonly Option<string?> _saveState = new("--save-state") { Description = "Write the accounts at the end of the burst-aware month to this file", HelpName = "FILE" };
    private readonly Option<bool> _json = JsonOption();

    public MonthCommand(Terminal terminal)
        : base(terminal, "month", "Simulates a month of bills, with and without burst awareness")
    {
        Add(_world);
        Add(_days);
        Add(_slotsPerHour);
        Add(_seed);
        Add(_candidates);
        Add(_rounds);
        Add(_state);
        Add(_saveState);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch month --world data/world",
        "dispatch month --world data/world --days 7 --slots-per-hour 4 --seed 3 --json",
        "dispatch month --world data/world --state october.json --save-state november.json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        World? world = WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), WorldParts.Network);
        if (world is null || !TryReadState(parsed, out BillingBook? state)) return Task.FromResult(ExitCode.BadInput);
        if (world.Facts.Contracts.All(static c => c.Tiers.IsEmpty)) Terminal.Error.WriteLine("warning: no contract of the world bills; edges cost their own prices");
        BillingPeriod period = BillingPeriod.Of(parsed.GetValue(_days), parsed.GetValue(_slotsPerHour));
        MonthOptions options = new() { Candidates = parsed.GetValue(_candidates), SearchRounds = parsed.GetValue(_rounds) };
        MonthComparison month = MonthSimulator.Compare(world, period, parsed.GetValue(_seed), options, state, progress, cancellation);
        progress.Dispose();
        return Task.FromResult(Report(parsed, world, period, month));
    }

    private int Report(ParseResult parsed, World world, BillingPeriod period, MonthComparison month)
    {
        if (parsed.GetValue(_saveState) is { } file && !TrySaveState(file, month.Book)) return ExitCode.BadInput;
        if (parsed.GetValue(_json)) MonthJson.Write(Terminal.Output, world, period, parsed.GetValue(_seed), month);
        else MonthTables.Write(Terminal, world, period, month);
        return ExitCode.Done;
    }

    private bool TryReadState(ParseResult parsed, out BillingBook? state)
    {
        state = null;
        if (parsed.GetValue(_state) is not { } path) return true;
        try
        {
            using FileStream file = File.OpenRead(path);
            BillingBookResult result = BillingBook.Read(file, path);
            foreach (BillingFault fault in result.Faults) Terminal.WriteFault(fault.ToString());
            state = result.Book;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Terminal.WriteFault($"--state {path}: cannot be read: {e.Message}");
        }
        return state is not null;
    }

    private bool TrySaveState(string path, BillingBook book)
    {
        try
        {
            using FileStream file = File.Create(path);
            book.Write(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Terminal.WriteFault($"--save-state {path}: cannot be written: {e.Message}");
            return false;
        }
    }
}
