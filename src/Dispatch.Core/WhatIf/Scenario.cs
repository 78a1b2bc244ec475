using System.Collections.Immutable;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf;

/// <summary>A named set of changes to try on a world. Immutable; each method gives a new scenario with one more change.</summary>
/// <example><code>
/// Scenario night = Scenario.Named("bunny gone, Europe up a fifth")
///     .Drop("operator:cdn-bunny")
///     .Scale("continent:EU", 1.2);
/// </code></example>
/// <param name="Name">What people call it.</param>
/// <param name="Edits">The changes, applied in order.</param>
public sealed record Scenario(string Name, ImmutableArray<ScenarioEdit> Edits)
{
    /// <summary>A scenario without any change yet.</summary>
    public static Scenario Named(string name) => new(name, []);

    /// <summary>Takes out an edge, an operator's edges or a fault domain: <c>edge:ID</c>, <c>operator:ID</c>, <c>domain:ID</c>.</summary>
    /// <exception cref="FormatException">The text is not <c>kind:id</c>.</exception>
    public Scenario Drop(string target) => With(new DropEdit(Parse(target)));

    /// <summary>Multiplies the demand of a region, zone or continent: <c>region:ID</c>, <c>zone:ID</c>, <c>continent:ID</c>.</summary>
    /// <inheritdoc cref="Drop"/>
    public Scenario Scale(string target, double factor) => With(new ScaleEdit(Parse(target), factor));

    /// <summary>Multiplies the capacity of an edge, an operator's edges or a fault domain's edges.</summary>
    /// <inheritdoc cref="Drop"/>
    public Scenario Capacity(string target, double factor) => With(new CapacityEdit(Parse(target), factor));

    /// <summary>Multiplies the price of an edge, an operator's edges or a fault domain's edges.</summary>
    /// <inheritdoc cref="Drop"/>
    public Scenario Price(string target, double factor) => With(new PriceEdit(Parse(target), factor));

    /// <summary>Adds a change.</summary>
    public Scenario With(ScenarioEdit edit) => this with { Edits = Edits.Add(edit) };

    /// <summary>Applies all changes, or names everything that is wrong with them; nothing is half-applied.</summary>
    /// <returns>The changed snapshot and no faults, or null and every fault.</returns>
    public (Snapshot? Snapshot, ImmutableArray<string> Faults) Apply(Snapshot snapshot)
    {
        ImmutableArray<string>.Builder faults = ImmutableArray.CreateBuilder<string>();
        Snapshot current = snapshot;
        foreach (ScenarioEdit edit in Edits)
        {
            (Snapshot? next, string fault) = edit.Apply(current);
            if (next is null) faults.Add(fault);
            else current = next;
        }
        return faults.Count == 0 ? (current, []) : (null, faults.ToImmutable());
    }

    private static ScenarioTarget Parse(string text) => ScenarioTarget.TryParse(text, out ScenarioTarget target)
        ? target
        : throw new FormatException($"'{text}' is not a target: write kind:id with kind edge, operator, domain, zone, continent or region.");
}
