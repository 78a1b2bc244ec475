using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf.Files;

/// <summary>A month to simulate.</summary>
/// <param name="Days">Days, 1 to 31.</param>
/// <param name="SlotMinutes">Length of a slot, 5 to 60, a divisor of 60.</param>
/// <param name="Seed">Another seed is another month of the same world.</param>
public sealed record MonthQuestion(int Days, int SlotMinutes, int Seed);

/// <summary>One case of a study: what holds in all of them, and its own changes.</summary>
/// <param name="Scenario">The changes.</param>
/// <param name="Places">Where each edit of the scenario was written; shorter where edits were made from the world.</param>
public sealed record StudyCase(Scenario Scenario, ImmutableArray<(ScenarioNode Node, string Field)> Places);

/// <summary>What a scenario file asks. Immutable.</summary>
public sealed record ScenarioStudy
{
    /// <summary>Cases beyond this many are refused.</summary>
    public const int MostCases = 10_000;

    /// <summary>The file, for faults.</summary>
    public required string File { get; init; }

    /// <summary>What it was read from: to send it elsewhere by <see cref="JsonNodes.Write(ScenarioNode)"/>.</summary>
    public required MapNode Source { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The hour whose demand is served, 0 to 23 UTC; null for the asker's.</summary>
    public int? UtcHour { get; init; }

    /// <summary>What holds in all cases.</summary>
    public required StudyCase Common { get; init; }

    /// <summary>Alternatives, one choice of which makes a case; empty for one case. Names within one choice differ.</summary>
    public ImmutableArray<ImmutableArray<StudyCase>> Choices { get; init; } = [];

    /// <summary>What fails, one in each case, of all that the world has; null for no such choice.</summary>
    public TargetKind? Each { get; init; }

    /// <summary>Hours of a day to go through; empty for none.</summary>
    public ImmutableArray<int> Hours { get; init; } = [];

    /// <summary>A month to go through; null for none.</summary>
    public MonthQuestion? Month { get; init; }

    /// <summary>Factors on what a millisecond is worth, for the curve of money against latency; empty for no curve.</summary>
    public ImmutableArray<double> Pareto { get; init; } = [];

    /// <summary>True where it asks for several cases.</summary>
    public bool IsSweep => Each is not null || !Choices.IsEmpty;

    /// <summary>All cases on a world: every combination, in the order in which they are written.</summary>
    /// <returns>The cases and no fault, or none and what is wrong.</returns>
    public (ImmutableArray<StudyCase> Cases, ImmutableArray<StudyFault> Faults) Cases(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        List<ImmutableArray<StudyCase>> choices = [.. Choices];
        if (Each is { } kind) choices.Add(EachOf(world, kind));
        double count = choices.Aggregate(1.0, static (product, choice) => product * choice.Length);
        if (count > MostCases) return ([], [new(File, 1, 1, "", FormattableString.Invariant($"it asks for {count} cases; at most {MostCases} are tried"))]);
        List<StudyCase> cases = [Common with { Scenario = Common.Scenario with { Name = IsSweep ? "" : Name } }];
        foreach (ImmutableArray<StudyCase> choice in choices) cases = [.. cases.SelectMany(one => choice.Select(other => Joined(one, other)))];
        return ([.. cases], []);
    }

    /// <summary>The faults of a case's scenario with the places of its edits.</summary>
    public ImmutableArray<StudyFault> FaultsOf(StudyCase of, ImmutableArray<ScenarioFault> faults)
    {
        ArgumentNullException.ThrowIfNull(of);
        return
        [
            .. faults.Select(fault => fault.Edit >= 0 && fault.Edit < of.Places.Length
                ? new StudyFault(File, of.Places[fault.Edit].Node.Line, of.Places[fault.Edit].Node.Column, of.Places[fault.Edit].Field, fault.Text)
                : new StudyFault(File, 1, 1, "", $"{of.Scenario.Name}: {fault.Text}")),
        ];
    }

    private static StudyCase Joined(StudyCase one, StudyCase other)
    {
        string name = one.Scenario.Name.Length == 0 ? other.Scenario.Name : $"{one.Scenario.Name}, {other.Scenario.Name}";
        return new(new Scenario(name, one.Scenario.Edits.AddRange(other.Scenario.Edits)), one.Places.AddRange(other.Places));
    }

    private static ImmutableArray<StudyCase> EachOf(World world, TargetKind kind)
    {
        IEnumerable<string> ids = kind switch
        {
            TargetKind.Edge => world.Edges.Select(static e => e.Id),
            TargetKind.Operator => world.Edges.Select(static e => e.Operator),
            TargetKind.Site => world.Edges.Select(static e => e.SiteCode),
            _ => world.Edges.Select(static e => e.FaultDomain),
        };
        return [.. ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(id => new ScenarioTarget(kind, id).ToString()).Select(static t => new StudyCase(Scenario.Named(t).Fail(t), []))];
    }
}
