using System.CommandLine;
using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.WhatIf;
using TrafficDispatch.WhatIf.Edits;

namespace TrafficDispatch.Cli.Input;

/// <summary>The options that change a world before it is solved, and the scenario they make.</summary>
internal sealed class ScenarioOptions
{
    /// <summary>Nodes to take out.</summary>
    public Option<string[]> Drop { get; } = new("--drop")
    {
        Description = "Take out an edge, an operator's edges or a fault domain: edge:ID, operator:ID, domain:ID",
        HelpName = "KIND:ID",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Demand to multiply.</summary>
    public Option<string[]> Scale { get; } = new("--scale")
    {
        Description = "Multiply demand: zone:ID=F, continent:ID=F, region:ID=F with F of at least 0; several factors multiply",
        HelpName = "KIND:ID=F",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Reads the options' values.</summary>
    /// <returns>The scenario; faults are added to <paramref name="faults"/>.</returns>
    public Scenario Read(ParseResult parsed, List<string> faults)
    {
        Scenario scenario = Scenario.Named("command line");
        foreach (string text in parsed.GetValue(Drop) ?? [])
            if (TryReadDrop(text, faults) is { } edit) scenario = scenario.With(edit);
        foreach (string text in parsed.GetValue(Scale) ?? [])
            if (TryReadScale(text, faults) is { } edit) scenario = scenario.With(edit);
        return scenario;
    }

    private static TakeOutEdit? TryReadDrop(string text, List<string> faults)
    {
        bool read = ScenarioTarget.TryParse(text, out ScenarioTarget target);
        if (read && target.Kind is TargetKind.Edge or TargetKind.Operator or TargetKind.Domain) return new TakeOutEdit(target, HealthState.Down);
        faults.Add($"--drop is '{text}'; it must be edge:ID, operator:ID or domain:ID");
        return null;
    }

    /// <summary>The kind ends at the first colon, the factor begins after the last equals sign: ids may hold both.</summary>
    private static SurgeEdit? TryReadScale(string text, List<string> faults)
    {
        int equals = text.LastIndexOf('=');
        ScenarioTarget target = default;
        bool read = equals > 0 && ScenarioTarget.TryParse(text[..equals], out target);
        if (!read || target.Kind is not (TargetKind.Zone or TargetKind.Continent or TargetKind.Region))
        {
            faults.Add($"--scale is '{text}'; it must be zone:ID=F, continent:ID=F or region:ID=F");
            return null;
        }
        bool isNumber = double.TryParse(text[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double factor);
        if (isNumber && double.IsFinite(factor) && factor >= 0) return new SurgeEdit(target, factor);
        faults.Add($"--scale is '{text}'; the factor must be a finite number of at least 0");
        return null;
    }
}
