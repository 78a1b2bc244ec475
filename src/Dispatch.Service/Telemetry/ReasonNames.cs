using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Reasons as labels and pages spell them.</summary>
internal static class ReasonNames
{
    /// <summary>For instance <c>over_capacity</c>.</summary>
    public static string Of(DecisionReason reason) => reason switch
    {
        DecisionReason.Assigned => "assigned",
        DecisionReason.DefaultRoute => "default_route",
        DecisionReason.OverCapacity => "over_capacity",
        DecisionReason.Shed => "shed",
        DecisionReason.Backup => "backup",
        DecisionReason.LastGood => "last_good",
        DecisionReason.Fallback => "fallback",
        DecisionReason.NoEdge => "no_edge",
        DecisionReason.StreamOrigin => "stream_origin",
        DecisionReason.NearestOrigin => "nearest_origin",
        DecisionReason.NoPath => "no_path",
        DecisionReason.StreamExpired => "stream_expired",
        DecisionReason.LastResort => "last_resort",
        DecisionReason.IngestOrigin => "ingest_origin",
        DecisionReason.NoOrigin => "no_origin",
        DecisionReason.Failover => "failover",
        DecisionReason.LoadShed => "load_shed",
        _ => "unspecified",
    };
}
