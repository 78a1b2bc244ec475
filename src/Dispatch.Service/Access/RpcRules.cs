using System.Collections.Frozen;

namespace TrafficDispatch.Service.Access;

/// <summary>Who may make a call.</summary>
/// <param name="AnyOf">Roles of which one is enough; <see cref="Roles.None"/> for anybody who reaches the endpoint.</param>
/// <param name="OffLoopbackOnly">True where callers on this machine need no role.</param>
internal readonly record struct RpcRule(Roles AnyOf, bool OffLoopbackOnly = false);

/// <summary>
/// Which call needs which role: the one table. An rpc that is not in it is refused on the admin plane, and a test fails for every rpc of the
/// .proto files without a row.
/// </summary>
internal static class RpcRules
{
    private const Roles Looks = Roles.Viewer | Roles.Operator | Roles.Publisher;

    private static readonly RpcRule Open = new(Roles.None), Reports = new(Roles.Reporter, OffLoopbackOnly: true);

    /// <summary>Rules by full name, <c>package.Service/Method</c>.</summary>
    public static FrozenDictionary<string, RpcRule> All { get; } = new Dictionary<string, RpcRule>(StringComparer.Ordinal)
    {
        ["dispatch.v1.Admin/Drain"] = new(Roles.Operator),
        ["dispatch.v1.Admin/Restore"] = new(Roles.Operator),
        ["dispatch.v1.Admin/ListOverrides"] = new(Looks),
        ["dispatch.v1.Admin/Freeze"] = new(Roles.Operator | Roles.Publisher),
        ["dispatch.v1.Admin/Unfreeze"] = new(Roles.Operator | Roles.Publisher),
        ["dispatch.v1.Admin/Publish"] = new(Roles.Publisher),
        ["dispatch.v1.Admin/ListTables"] = new(Looks),
        ["dispatch.v1.Admin/Diff"] = new(Looks),
        ["dispatch.v1.Admin/Rollback"] = new(Roles.Publisher),
        ["dispatch.v1.Admin/History"] = new(Looks),

        ["dispatch.v1.Routing/Resolve"] = Open,
        ["dispatch.v1.Routing/ResolveBatch"] = Open,
        ["dispatch.v1.Routing/WatchTable"] = Open,
        ["dispatch.v1.Relay/Route"] = Open,
        ["dispatch.v1.Relay/Ingest"] = Open,
        ["dispatch.v1.Relay/ReportPath"] = Reports,
        ["dispatch.v1.Status/Get"] = Open,
        ["dispatch.v1.Planner/WhatIf"] = new(Looks, OffLoopbackOnly: true),
        ["dispatch.v1.Telemetry/Report"] = Reports,
        ["dispatch.v1.Probes/Report"] = Reports,
        ["coredns.dns.DnsService/Query"] = Open,
        ["grpc.health.v1.Health/Check"] = Open,
        ["grpc.health.v1.Health/List"] = Open,
        ["grpc.health.v1.Health/Watch"] = Open,
        ["grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = Open,
        ["grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = Open,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
