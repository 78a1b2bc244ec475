using System.Text.Json;
using Google.Protobuf.Reflection;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Cli.Output;

/// <summary>Fields that several replies of the service have in common.</summary>
internal static class ReplyJson
{
    /// <summary>The reason's name in the protocol, for instance <c>DEFAULT_ROUTE</c>; its number where this program is older than the service.</summary>
    public static string Name(ReasonCode code)
    {
        EnumValueDescriptor? value = CommonReflection.Descriptor.EnumTypes
            .Single(static e => e.ClrType == typeof(ReasonCode)).FindValueByNumber((int)code);
        return value?.Name ?? code.ToString("D");
    }

    /// <summary>Table and overlay versions.</summary>
    public static void WriteVersions(Utf8JsonWriter json, ulong epoch, ulong version, ulong overlay)
    {
        json.WriteNumber("table_epoch", epoch);
        json.WriteNumber("table_version", version);
        json.WriteNumber("overlay_version", overlay);
    }

    /// <summary>Where a node is reached.</summary>
    public static void WriteEndpoints(Utf8JsonWriter json, IEnumerable<NodeEndpoint> endpoints)
    {
        json.WriteStartArray("endpoints");
        foreach (NodeEndpoint endpoint in endpoints)
        {
            json.WriteStartObject();
            json.WriteString("type", TypeName(endpoint.Type));
            json.WriteString("value", endpoint.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Endpoints for people, on one line.</summary>
    public static string Text(IEnumerable<NodeEndpoint> endpoints) => string.Join(", ", endpoints.Select(static e => $"{TypeName(e.Type)} {e.Value}"));

    private static string TypeName(EndpointType type) => type switch
    {
        EndpointType.A => "A",
        EndpointType.Aaaa => "AAAA",
        EndpointType.Cname => "CNAME",
        _ => type.ToString("D"),
    };
}
