using System.Collections.Immutable;

namespace TrafficDispatch.Model;

/// <summary>What a health statement speaks of.</summary>
public enum HealthScope
{
    /// <summary>One edge.</summary>
    Edge,

    /// <summary>One relay.</summary>
    Relay,

    /// <summary>One origin.</summary>
    Origin,

    /// <summary>Every node of one fault domain.</summary>
    Domain,

    /// <summary>Every edge of one operator.</summary>
    Operator,
}

/// <summary>The state a node is in.</summary>
public enum HealthState
{
    /// <summary>Serves, up to factor × capacity.</summary>
    Up,

    /// <summary>Fails: serves nobody.</summary>
    Down,

    /// <summary>Taken out by an operator: serves nobody, whatever else is down.</summary>
    Drained,
}

/// <summary>One statement of health.</summary>
/// <param name="Scope">What it speaks of.</param>
/// <param name="Id">Id of the node, fault domain or operator.</param>
/// <param name="State">The state.</param>
/// <param name="Factor">Part of the capacity that is usable, 0 to 1; only read where the state is <see cref="HealthState.Up"/>.</param>
public sealed record HealthStatement(HealthScope Scope, string Id, HealthState State, double Factor);

/// <summary>The health of a node after all statements about it are taken together: the worst state and the smallest factor.</summary>
/// <param name="State">The state.</param>
/// <param name="Factor">Usable part of the capacity, 0 to 1; 0 unless up.</param>
public readonly record struct NodeHealth(HealthState State, double Factor)
{
    /// <summary>Up with its whole capacity.</summary>
    public static readonly NodeHealth Good = new(HealthState.Up, 1.0);

    /// <summary>True where the node may serve.</summary>
    public bool CanServe => State == HealthState.Up && Factor > 0;

    /// <summary>The worse of two: drained over down over up, then the smaller factor.</summary>
    public NodeHealth Worse(NodeHealth other)
    {
        HealthState state = (HealthState)Math.Max((int)State, (int)other.State);
        return new(state, state == HealthState.Up ? Math.Min(Factor, other.Factor) : 0);
    }
}

/// <summary>All statements of health of a world. Immutable and thread-safe.</summary>
public sealed class HealthBook
{
    private readonly Dictionary<(HealthScope, string), NodeHealth> _byTarget = [];

    /// <summary>No statement: every node is up.</summary>
    public static readonly HealthBook AllUp = new([]);

    /// <summary>Takes the statements together; several about the same target count as the worst of them.</summary>
    public HealthBook(ImmutableArray<HealthStatement> statements)
    {
        Statements = statements;
        foreach (HealthStatement s in statements)
        {
            NodeHealth next = new(s.State, s.State == HealthState.Up ? s.Factor : 0);
            _byTarget[(s.Scope, s.Id)] = _byTarget.TryGetValue((s.Scope, s.Id), out NodeHealth held) ? held.Worse(next) : next;
        }
    }

    /// <summary>The statements as given.</summary>
    public ImmutableArray<HealthStatement> Statements { get; }

    /// <summary>Health of an edge: its own, its fault domain's and its operator's.</summary>
    public NodeHealth Of(Edge edge) =>
        Find(HealthScope.Edge, edge.Id).Worse(Find(HealthScope.Domain, edge.FaultDomain)).Worse(Find(HealthScope.Operator, edge.Operator));

    /// <summary>Health of a relay: its own and its fault domain's.</summary>
    public NodeHealth Of(Relay relay) => Find(HealthScope.Relay, relay.Id).Worse(Find(HealthScope.Domain, relay.FaultDomain));

    /// <summary>Health of an origin: its own and its fault domain's.</summary>
    public NodeHealth Of(Origin origin) => Find(HealthScope.Origin, origin.Id).Worse(Find(HealthScope.Domain, origin.FaultDomain));

    private NodeHealth Find(HealthScope scope, string id) =>
        _byTarget.TryGetValue((scope, id), out NodeHealth health) ? health : NodeHealth.Good;
}
