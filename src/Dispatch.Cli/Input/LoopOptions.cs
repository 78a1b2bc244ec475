using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Loops;
using TrafficDispatch.WhatIf;

namespace TrafficDispatch.Cli.Input;

/// <summary>Options for bounds that are no pure flow.</summary>
internal sealed class LoopOptions
{
    /// <summary>Bounds on what edges carry together.</summary>
    public Option<string[]> Caps { get; } = new("--cap")
    {
        Description = "Bound what edges carry together, across contracts: edge:ID=GBPS, operator:ID=GBPS, domain:ID=GBPS; may be repeated. The answer says at what price, and how far from the best possible the plan may be",
        HelpName = "KIND:ID=GBPS",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Level utilisation first.</summary>
    public Option<double?> MinMaxSlack { get; } = NumberOption.Real(
        "--min-max-slack", "PERCENT", "Keep every edge within the least utilisation that serves as much as all capacity would, plus this part of it, at most 100", aboveZero: false);

    /// <summary>Reads the options' values into options of a solve.</summary>
    /// <returns>The options; faults are added to <paramref name="faults"/>.</returns>
    public SolveOptions Read(ParseResult parsed, World world, SolveOptions options, List<string> faults)
    {
        string[] caps = parsed.GetValue(Caps) ?? [];
        double? slack = parsed.GetValue(MinMaxSlack);
        if (options.Objective == Objective.Reference && (caps.Length > 0 || slack is not null)) faults.Add("--cap and --min-max-slack need the full objective");
        if (slack is > 100) faults.Add("--min-max-slack must be at most 100");
        return options with
        {
            CrossingCaps = [.. caps.Select(text => Cap(text, world, faults)).OfType<CrossingCap>()],
            MinMaxSlackPercent = slack is { } percent ? (int)Math.Ceiling(percent) : null,
        };
    }

    private static CrossingCap? Cap(string text, World world, List<string> faults)
    {
        int equals = text.LastIndexOf('=');
        ScenarioTarget target = default;
        bool read = equals > 0 && ScenarioTarget.TryParse(text[..equals], out target);
        double gbps = 0;
        bool isNumber = read && double.TryParse(text[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out gbps) && double.IsFinite(gbps) && gbps >= 0;
        if (!isNumber || target.Kind is not (TargetKind.Edge or TargetKind.Operator or TargetKind.Domain))
        {
            faults.Add($"--cap is '{text}'; it must be edge:ID=GBPS, operator:ID=GBPS or domain:ID=GBPS with a finite number of at least 0");
            return null;
        }
        ImmutableArray<string> edges = [.. world.Edges.Where(target.Covers).Select(static e => e.Id)];
        if (edges.IsEmpty) faults.Add($"--cap is '{text}'; the world has no such edge");
        return new(target.ToString(), edges, new Gbps(gbps));
    }
}
