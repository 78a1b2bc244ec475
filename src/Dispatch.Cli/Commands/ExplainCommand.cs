using System.Collections.Immutable;
using System.CommandLine;
using TrafficDispatch.Cli.Input;
using TrafficDispatch.Cli.Output;
using TrafficDispatch.Model;
using TrafficDispatch.Model.Files;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Explain;
using TrafficDispatch.Table;

namespace TrafficDispatch.Cli.Commands;

/// <summary><c>dispatch explain</c>: why an edge serves a client group or not, and what would change it.</summary>
internal sealed class ExplainCommand : DispatchCommand
{
    private readonly Argument<string> _who = new("WHO") { Description = "A region's id, or the address of a client (longest prefix match)" };
    private readonly Option<string> _world = WorldArgument.Option();
    private readonly Option<string?> _service = new("--service") { Description = "The service asked for; the world's first by default", HelpName = "S" };
    private readonly Option<string[]> _edges = new("--edge") { Description = "An edge to explain, allowed or not; may be repeated", HelpName = "E" };
    private readonly Option<int> _count = NumberOption.Whole("--count", "N", "Without --edge: how many allowed edges to explain, those that serve first, then the best of the others", 1, 100_000, 6);
    private readonly Option<int> _hour = NumberOption.Whole(
        "--utc-hour", "H", "Hour of the day whose demand is served, 0 to 23 UTC", 0, 23, Snapshot.DefaultUtcHour);
    private readonly ScenarioOptions _changes = new();
    private readonly Option<bool> _json = JsonOption();

    public ExplainCommand(Terminal terminal)
        : base(terminal, "explain", "Says why an edge serves a client group or not, and what would change it")
    {
        Add(_who);
        Add(_world);
        Add(_service);
        Add(_edges);
        Add(_count);
        Add(_hour);
        Add(_changes.Drop);
        Add(_changes.Scale);
        Add(_json);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "dispatch explain DE-01 --world data/world --service vod",
        "dispatch explain 8.8.8.8 --world data/world --service live --edge own-fra --edge own-pek --json",
    ];

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using ProgressLine progress = new(Terminal);
        progress.Report("reading the world");
        string who = parsed.GetRequiredValue(_who);
        bool byAddress = ClientAddress.TryParse(who, out ClientAddress address);
        if (WorldArgument.Load(Terminal, parsed.GetRequiredValue(_world), byAddress ? WorldParts.All : WorldParts.Network) is not { } world)
            return Task.FromResult(ExitCode.BadInput);
        if (Question(parsed, world, byAddress ? RegionOf(world, address) : world.RegionOrdinal(who), who) is not { } question)
            return Task.FromResult(ExitCode.BadInput);
        progress.Report("solving");
        SolveResult result = DispatchSolver.Solve(question.Snapshot, null, cancellation);
        progress.Dispose();
        if (result.Assignment is { } assignment) return Task.FromResult(Report(parsed, new(assignment), assignment, question));
        Terminal.WriteFault($"{result.Status.Word()}: {result.Cause}");
        Terminal.WriteHint(result.Remedy);
        return Task.FromResult(result.Status.ToExitCode());
    }

    private static int RegionOf(World world, ClientAddress address) => PrefixIndex.Build(world.Facts.Prefixes.AsSpan()).Find(address).Location;

    private ExplainQuestion? Question(ParseResult parsed, World world, int region, string who)
    {
        List<string> faults = [];
        (Snapshot? snapshot, ImmutableArray<WhatIf.ScenarioFault> unknown) = _changes.Read(parsed, faults).Apply(new Snapshot(world, parsed.GetValue(_hour)));
        faults.AddRange(unknown.Select(static f => f.Text));
        int service = parsed.GetValue(_service) is { } id ? world.ServiceOrdinal(id) : 0;
        if (region < 0) faults.Add($"'{who}' is neither a region of the world nor an address in one");
        if (service < 0) faults.Add($"--service is '{parsed.GetValue(_service)}'; the world has {string.Join(", ", world.Services.Select(static s => s.Id))}");
        int[] edges = [.. (parsed.GetValue(_edges) ?? []).Select(world.EdgeOrdinal)];
        for (int i = 0; i < edges.Length; i++)
            if (edges[i] < 0) faults.Add($"--edge is '{parsed.GetValue(_edges)![i]}'; the world has no such edge");
        faults.ForEach(Terminal.WriteFault);
        return faults.Count == 0 && snapshot is not null ? new(snapshot, region, service, edges) : null;
    }

    private int Report(ParseResult parsed, AssignmentExplainer explainer, Assignment assignment, ExplainQuestion question)
    {
        int group = explainer.GroupOf(question.Region, question.Service);
        ImmutableArray<EdgeExplanation> edges = question.Edges.Length > 0
            ? [.. question.Edges.Select(e => explainer.Explain(group, e))]
            : explainer.Explain(group, parsed.GetValue(_count), onlyAllowed: true);
        ExplainReport report = new(assignment, question, group, edges);
        if (parsed.GetValue(_json)) report.WriteJson(Terminal.Output);
        else report.Write(Terminal);
        return ExitCode.Done;
    }
}

/// <summary>What <c>dispatch explain</c> was asked.</summary>
/// <param name="Snapshot">The world and hour to solve.</param>
/// <param name="Region">Ordinal of the region.</param>
/// <param name="Service">Ordinal of the service.</param>
/// <param name="Edges">Edges asked for by name; empty for the best.</param>
internal sealed record ExplainQuestion(Snapshot Snapshot, int Region, int Service, int[] Edges);
