using System.Collections.Frozen;

namespace TrafficDispatch.Service.Overload;

/// <summary>Who goes first when not all can be answered.</summary>
internal enum CallClass
{
    /// <summary>What says how the process is: never turned away.</summary>
    Vital,

    /// <summary>What viewers and streams wait for.</summary>
    Usual,

    /// <summary>What can wait: many answers at once, reports, descriptions.</summary>
    Bulk,
}

/// <summary>The class of each method of the Grpc endpoint. A method that is not named is <see cref="CallClass.Usual"/>.</summary>
internal static class CallClasses
{
    private static readonly FrozenDictionary<string, CallClass> Named = new Dictionary<string, CallClass>(StringComparer.Ordinal)
    {
        ["grpc.health.v1.Health/Check"] = CallClass.Vital,
        ["grpc.health.v1.Health/List"] = CallClass.Vital,
        ["grpc.health.v1.Health/Watch"] = CallClass.Vital,
        ["dispatch.v1.Status/Get"] = CallClass.Vital,
        ["dispatch.v1.Routing/ResolveBatch"] = CallClass.Bulk,
        ["dispatch.v1.Routing/WatchTable"] = CallClass.Bulk,
        ["dispatch.v1.Planner/WhatIf"] = CallClass.Bulk,
        ["dispatch.v1.Telemetry/Report"] = CallClass.Bulk,
        ["grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = CallClass.Bulk,
        ["grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = CallClass.Bulk,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The class of a method.</summary>
    /// <param name="fullName">Service and method, for instance <c>dispatch.v1.Routing/Resolve</c>.</param>
    public static CallClass Of(string fullName) => Named.GetValueOrDefault(fullName, CallClass.Usual);
}
