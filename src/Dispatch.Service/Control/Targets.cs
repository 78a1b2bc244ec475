using System.Collections.Immutable;
using System.Globalization;
using Grpc.Core;
using TrafficDispatch.Model;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Control;

/// <summary>Reads what a change is about, and makes sure that there is such a thing: a misspelt id would be stored and heeded by nobody.</summary>
internal static class Targets
{
    /// <summary>Most in one call.</summary>
    public const int Most = 100;

    /// <summary>Reads all of them.</summary>
    /// <param name="targets">As the caller wrote them.</param>
    /// <param name="world">What is planned from; null where none was read yet.</param>
    /// <param name="state">What is answered from; null before the first table.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT or NOT_FOUND, with every target that is wrong.</exception>
    public static ImmutableArray<(HealthScope Scope, string Id)> Read(IReadOnlyList<AdminTarget> targets, World? world, ServingState? state)
    {
        if (targets.Count is 0 or > Most)
            throw new RpcException(new(StatusCode.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"targets holds {targets.Count}: must hold 1 to {Most}.")));
        List<string> wrong = [], unknown = [];
        List<(HealthScope, string)> read = [];
        foreach (AdminTarget target in targets)
        {
            if (ScopeOf(target.Kind) is not { } scope) wrong.Add($"kind is '{Cut(target.Kind)}': must be edge, relay, origin, domain or operator.");
            else if (target.Id.Length is 0 or > 200 || target.Id.Any(static c => char.IsControl(c) || c == '|')) wrong.Add("id must have 1 to 200 characters, none of them a line end or a bar.");
            else if (!IsIn(scope, target.Id, world) && !IsIn(scope, target.Id, state?.Table.Content)) unknown.Add($"there is no {target.Kind} '{Cut(target.Id)}'.");
            else read.Add((scope, target.Id));
        }
        if (wrong.Count > 0) throw new RpcException(new(StatusCode.InvalidArgument, string.Join(' ', wrong.Take(10))));
        if (unknown.Count > 0) throw new RpcException(new(StatusCode.NotFound, string.Join(' ', unknown.Take(10))));
        return [.. read.Distinct()];
    }

    /// <summary>Targets in a line, for the audit.</summary>
    public static string Listed(IEnumerable<(HealthScope Scope, string Id)> targets) => string.Join(' ', targets.Select(static t => $"{NameOf(t.Scope)}:{t.Id}"));

    /// <summary>A kind as callers write it.</summary>
    public static string NameOf(HealthScope scope) => scope.ToString().ToLowerInvariant();

    private static HealthScope? ScopeOf(string kind) => kind switch
    {
        "edge" => HealthScope.Edge,
        "relay" => HealthScope.Relay,
        "origin" => HealthScope.Origin,
        "domain" => HealthScope.Domain,
        "operator" => HealthScope.Operator,
        _ => null,
    };

    private static bool IsIn(HealthScope scope, string id, World? world) => world is not null && scope switch
    {
        HealthScope.Edge => world.EdgeOrdinal(id) >= 0,
        HealthScope.Relay => world.Relays.Any(r => r.Id == id),
        HealthScope.Origin => world.Origins.Any(o => o.Id == id),
        HealthScope.Operator => world.Edges.Any(e => e.Operator == id),
        _ => world.Edges.Any(e => e.FaultDomain == id) || world.Relays.Any(r => r.FaultDomain == id) || world.Origins.Any(o => o.FaultDomain == id),
    };

    private static bool IsIn(HealthScope scope, string id, TableContent? table) => table is not null && scope switch
    {
        HealthScope.Edge => table.Edges.Any(e => e.Id == id),
        HealthScope.Relay => table.Relays.Any(r => r.Id == id),
        HealthScope.Origin => table.Origins.Any(o => o.Id == id),
        HealthScope.Operator => table.Edges.Any(e => e.Operator == id),
        _ => table.Edges.Any(e => e.FaultDomain == id) || table.Relays.Any(r => r.FaultDomain == id) || table.Origins.Any(o => o.FaultDomain == id),
    };

    private static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
