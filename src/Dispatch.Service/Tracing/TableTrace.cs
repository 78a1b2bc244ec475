using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tracing;

/// <summary>
/// The trace of a table: its id follows from the table itself, so that a process which took the table from others, or from disk, leads to the trace in which
/// whoever solved it tells of that, with nothing kept beside tables.
/// </summary>
internal static class TableTrace
{
    private const int TraceBytes = 16, SpanBytes = 8;

    /// <summary>Where the trace begins. The same for the same version and content in every process.</summary>
    public static ActivityContext Of(RoutingTable table)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{table.Version.Epoch}.{table.Version.Number} {table.ContentHash}");
        ReadOnlySpan<byte> hash = SHA256.HashData(Encoding.ASCII.GetBytes(name));
        return new(ActivityTraceId.CreateFromBytes(hash[..TraceBytes]), ActivitySpanId.CreateFromBytes(hash.Slice(TraceBytes, SpanBytes)), ActivityTraceFlags.Recorded, isRemote: true);
    }

    /// <summary>Tells in a table's trace which cycle solved it; nothing where this process did not, or nobody listens.</summary>
    public static void Tell(this DispatchTraces traces, RoutingTable table, ActivityContext solved)
    {
        if (solved == default || !traces.IsOn) return;
        using Activity? span = traces.Source.StartActivity("table", ActivityKind.Internal, Of(table), tags: null, links: [new ActivityLink(solved)]);
        span?.SetTag(SpanTags.Epoch, table.Version.Epoch).SetTag(SpanTags.Version, table.Version.Number);
    }
}
