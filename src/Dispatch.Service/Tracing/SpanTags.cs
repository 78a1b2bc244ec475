namespace TrafficDispatch.Service.Tracing;

/// <summary>Attributes of spans. No span ever holds a client's address.</summary>
internal static class SpanTags
{
    /// <summary>Epoch of the table.</summary>
    public const string Epoch = "dispatch.table.epoch";

    /// <summary>Number of the table within its epoch.</summary>
    public const string Version = "dispatch.table.version";

    /// <summary>Version of the health overlay.</summary>
    public const string Overlay = "dispatch.overlay.version";

    /// <summary>The service that was asked for, or <c>relay</c>.</summary>
    public const string Service = "dispatch.service";

    /// <summary>The client's region.</summary>
    public const string Region = "dispatch.region";

    /// <summary>Why the answer is what it is, as in the metric of decisions.</summary>
    public const string Reason = "dispatch.reason";

    /// <summary>Decisions of the call.</summary>
    public const string Decisions = "dispatch.decisions";

    /// <summary>What came of a cycle: <c>published</c>, <c>confirmed</c>, <c>frozen</c>, <c>refused</c>, <c>elsewhere</c> or <c>failed</c>.</summary>
    public const string Result = "dispatch.cycle.result";

    /// <summary>Version of the facts.</summary>
    public const string World = "dispatch.world.version";
}
