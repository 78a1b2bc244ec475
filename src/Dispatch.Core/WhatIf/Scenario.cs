using System.Collections.Immutable;
using TrafficDispatch.Model;
using TrafficDispatch.WhatIf.Edits;

namespace TrafficDispatch.WhatIf;

/// <summary>A named set of changes to try on a world. Immutable; each method gives a new scenario with one more change.</summary>
/// <example><code>
/// Scenario night = Scenario.Named("bunny gone, Europe up a fifth")
///     .Fail("operator:cdn-bunny")
///     .Surge("continent:EU", 1.2);
/// </code></example>
/// <remarks>
/// Targets are written as <see cref="ScenarioTarget"/> reads them; a text that is none throws <see cref="FormatException"/>. Whether a world holds what a
/// scenario names is seen when it is applied.
/// </remarks>
/// <param name="Name">What people call it.</param>
/// <param name="Edits">The changes, applied in order.</param>
public sealed record Scenario(string Name, ImmutableArray<ScenarioEdit> Edits)
{
    /// <summary>A scenario without any change yet.</summary>
    public static Scenario Named(string name) => new(name, []);

    /// <summary>Takes nodes out as a failure does: <c>edge:ID</c>, <c>operator:ID</c>, <c>domain:ID</c>, <c>site:CODE</c>.</summary>
    public Scenario Fail(string target) => With(new TakeOutEdit(ScenarioTarget.Parse(target), HealthState.Down));

    /// <summary>Takes nodes out as an operator does for maintenance.</summary>
    public Scenario Drain(string target) => With(new TakeOutEdit(ScenarioTarget.Parse(target), HealthState.Drained));

    /// <summary>Brings edges back that are down, drained or reduced.</summary>
    public Scenario Restore(string target) => With(new RestoreEdit(ScenarioTarget.Parse(target)));

    /// <summary>Multiplies demand: <c>region:ID</c>, <c>country:ISO2</c>, <c>zone:ID</c>, <c>continent:ID</c>, <c>all</c>.</summary>
    public Scenario Surge(string target, double factor) => With(new SurgeEdit(ScenarioTarget.Parse(target), factor));

    /// <summary>Multiplies the capacity of edges.</summary>
    public Scenario Capacity(string target, double factor) => With(new CapacityEdit(ScenarioTarget.Parse(target), factor));

    /// <summary>Adds capacity at each of the edges named; less than 0 takes it away.</summary>
    public Scenario AddCapacity(string target, double gbps) => With(new CapacityEdit(ScenarioTarget.Parse(target), 1, gbps));

    /// <summary>Takes capacity from one edge and gives it to another.</summary>
    public Scenario MoveCapacity(string fromEdge, string toEdge, double gbps) => With(new MoveCapacityEdit(fromEdge, toEdge, new Gbps(gbps)));

    /// <summary>Adds an edge that is like another in all that is not said.</summary>
    /// <param name="id">Its id; new.</param>
    /// <param name="like">The edge that it is like.</param>
    /// <param name="gbps">Its capacity.</param>
    /// <param name="place">Where it stands; null for where the other one does.</param>
    public Scenario AddEdge(string id, string like, double gbps, Place? place = null) => With(new AddEdgeEdit(id, like, new Gbps(gbps)) { Place = place });

    /// <summary>Multiplies the price of edges and of the contracts that bill them.</summary>
    public Scenario Price(string target, double factor) => With(new PriceEdit(ScenarioTarget.Parse(target), factor));

    /// <summary>Gives edges a price by volume; see <see cref="PriceEdit"/> for edges that a contract bills.</summary>
    public Scenario PricePerGb(string target, double usd) => With(new PriceEdit(ScenarioTarget.Parse(target), 1) { Price = new Price(PriceModel.PerGb, usd, 0) });

    /// <summary>Changes a contract, or makes a new one where the edit names edges.</summary>
    public Scenario Contract(ContractEdit edit) => With(edit);

    /// <summary>A new law on where the traffic of a jurisdiction may be served.</summary>
    public Scenario Law(string jurisdiction, params ImmutableArray<string> allowed) => With(new LawEdit(jurisdiction, NodeKind.Edge, allowed));

    /// <summary>Adds to the round trip between clients and edges; less than 0 takes away.</summary>
    public Scenario ShiftRtt(string clients, string edges, double addMs) =>
        With(new RttEdit(ScenarioTarget.Parse(clients), ScenarioTarget.Parse(edges), 1, new Milliseconds(addMs)));

    /// <summary>Multiplies what a millisecond is held to be worth.</summary>
    public Scenario Weigh(double factor) => With(new WeighEdit(factor));

    /// <summary>Adds a change.</summary>
    public Scenario With(ScenarioEdit edit) => this with { Edits = Edits.Add(edit) };

    /// <summary>Both together: these changes, then those of the other; the name tells of both.</summary>
    public Scenario And(Scenario other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new($"{Name}, {other.Name}", Edits.AddRange(other.Edits));
    }

    /// <summary>Applies all changes, or names everything that is wrong with them; nothing is half-applied.</summary>
    /// <returns>The changed snapshot and no faults, or null and every fault.</returns>
    public (Snapshot? Snapshot, ImmutableArray<ScenarioFault> Faults) Apply(Snapshot snapshot)
    {
        ImmutableArray<ScenarioFault>.Builder faults = ImmutableArray.CreateBuilder<ScenarioFault>();
        ScenarioDraft current = ScenarioDraft.Of(snapshot);
        for (int i = 0; i < Edits.Length; i++)
        {
            (ScenarioDraft? next, string fault) = Edits[i].Apply(current);
            if (next is null) faults.Add(new(i, fault));
            else current = next;
        }
        return faults.Count == 0 ? (current.Into(snapshot, $"{snapshot.World.Version} + {string.Join(" + ", Edits)}"), []) : (null, faults.ToImmutable());
    }
}

/// <summary>Why a scenario cannot be applied or solved.</summary>
/// <param name="Edit">The edit's place in <see cref="Scenario.Edits"/>; −1 where it is not one edit's fault.</param>
/// <param name="Text">The value and the rule it breaks.</param>
public readonly record struct ScenarioFault(int Edit, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
