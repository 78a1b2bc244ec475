using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.Model;

namespace TrafficDispatch.WhatIf;

/// <summary>One change of a snapshot. Pure: it gives a new snapshot or names why it cannot.</summary>
/// <param name="Target">What it changes.</param>
public abstract record ScenarioEdit(ScenarioTarget Target)
{
    /// <summary>Applies the change.</summary>
    /// <returns>The changed snapshot and an empty fault, or null and the rule that is broken.</returns>
    public abstract (Snapshot? Snapshot, string Fault) Apply(Snapshot snapshot);

    /// <summary>Replaces the edges that the target covers.</summary>
    private protected (Snapshot?, string) MapEdges(Snapshot snapshot, Func<Edge, Edge> map)
    {
        ScenarioTarget target = Target;
        World world = snapshot.World;
        if (!world.Edges.Any(target.Covers)) return (null, NoneFits("edge, operator or domain"));
        ImmutableArray<Edge> edges = [.. world.Edges.Select(e => target.Covers(e) ? map(e) : e)];
        return (snapshot with { World = new World(world.Facts with { Edges = edges, Version = VersionWith(world) }) }, "");
    }

    /// <summary>The name of the changed facts: the old name and the change.</summary>
    private protected string VersionWith(World world) => $"{world.Version} + {this}";

    private protected string NoneFits(string kinds) => $"'{Target}' names nothing in this world; it must name an {kinds} that it holds";
}

/// <summary>Takes nodes out: they serve nobody.</summary>
/// <param name="Target">An edge, an operator's edges or a fault domain's nodes.</param>
public sealed record DropEdit(ScenarioTarget Target) : ScenarioEdit(Target)
{
    /// <inheritdoc/>
    public override (Snapshot? Snapshot, string Fault) Apply(Snapshot snapshot)
    {
        World world = snapshot.World;
        ScenarioTarget target = Target;
        bool known = world.Edges.Any(target.Covers) || (target.Kind == TargetKind.Domain
            && (world.Relays.Any(r => r.FaultDomain == target.Id) || world.Origins.Any(o => o.FaultDomain == target.Id)));
        if (!known) return (null, NoneFits("edge, operator or domain"));
        HealthScope scope = target.Kind switch
        {
            TargetKind.Edge => HealthScope.Edge,
            TargetKind.Operator => HealthScope.Operator,
            _ => HealthScope.Domain,
        };
        ImmutableArray<HealthStatement> health = world.Facts.Health.Add(new(scope, target.Id, HealthState.Down, 0));
        return (snapshot with { World = new World(world.Facts with { Health = health, Version = VersionWith(world) }) }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => $"drop {Target}";
}

/// <summary>Multiplies demand.</summary>
/// <param name="Target">A region, a latency zone or a continent.</param>
/// <param name="Factor">Finite, at least 0.</param>
public sealed record ScaleEdit(ScenarioTarget Target, double Factor) : ScenarioEdit(Target)
{
    /// <inheritdoc/>
    public override (Snapshot? Snapshot, string Fault) Apply(Snapshot snapshot)
    {
        if (!double.IsFinite(Factor) || Factor < 0) return (null, $"'{this}': the factor must be a finite number of at least 0");
        ScenarioTarget target = Target;
        World world = snapshot.World;
        if (!world.Regions.Any(target.Covers)) return (null, NoneFits("existing region, zone or continent"));
        double[] scale = new double[world.Regions.Length];
        for (int r = 0; r < scale.Length; r++) scale[r] = snapshot.ScaleOf(r) * (target.Covers(world.Regions[r]) ? Factor : 1.0);
        return (snapshot with { DemandScale = [.. scale] }, "");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"scale {Target}={Factor}");
}

/// <summary>Multiplies the capacity of edges: 0.5 halves it, 2 doubles it.</summary>
/// <param name="Target">An edge, an operator's edges or a fault domain's edges.</param>
/// <param name="Factor">Finite, at least 0.</param>
public sealed record CapacityEdit(ScenarioTarget Target, double Factor) : ScenarioEdit(Target)
{
    /// <inheritdoc/>
    public override (Snapshot? Snapshot, string Fault) Apply(Snapshot snapshot) =>
        !double.IsFinite(Factor) || Factor < 0
            ? (null, $"'{this}': the factor must be a finite number of at least 0")
            : MapEdges(snapshot, e => e with { Capacity = new(e.Capacity.Value * Factor) });

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"capacity {Target}×{Factor}");
}

/// <summary>Multiplies the price of edges, whatever its model.</summary>
/// <param name="Target">An edge, an operator's edges or a fault domain's edges.</param>
/// <param name="Factor">Finite, at least 0.</param>
public sealed record PriceEdit(ScenarioTarget Target, double Factor) : ScenarioEdit(Target)
{
    /// <inheritdoc/>
    public override (Snapshot? Snapshot, string Fault) Apply(Snapshot snapshot) =>
        !double.IsFinite(Factor) || Factor < 0
            ? (null, $"'{this}': the factor must be a finite number of at least 0")
            : MapEdges(snapshot, e => e with { Price = Scaled(e.Price) });

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"price {Target}×{Factor}");

    private Price Scaled(Price price) =>
        price with { UsdPerGb = price.UsdPerGb * Factor, UsdPerMbpsMonth = price.UsdPerMbpsMonth * Factor };
}
