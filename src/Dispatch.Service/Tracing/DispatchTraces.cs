using System.Diagnostics;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Service.Telemetry;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Tracing;

/// <summary>
/// The one source of spans, <c>TrafficDispatch</c>: cycles from facts to the table in force, and calls whose caller traces them. Nothing is made while
/// nobody listens. Thread-safe.
/// </summary>
internal sealed class DispatchTraces : IDisposable
{
    /// <summary>Name of the source.</summary>
    public const string Name = "TrafficDispatch";

    private int _open;

    /// <summary>The source itself.</summary>
    public ActivitySource Source { get; } = new(Name, ProgramVersion.Text);

    /// <summary>True while somebody takes spans.</summary>
    public bool IsOn => Source.HasListeners();

    /// <summary>True while a traced call runs: only then is it worth while to look whether a decision belongs to one.</summary>
    public bool IsOpen => Volatile.Read(ref _open) != 0;

    /// <summary>Begins a step under the span that is open here; null where nobody listens.</summary>
    public Activity? Begin(string step) => Source.StartActivity(step);

    /// <summary>Begins a step under a span that has ended, or a trace of its own under none.</summary>
    public Activity? Begin(string step, ActivityContext under)
    {
        if (!IsOn) return null;
        // The thread may carry the span of whoever started it, which is none of ours.
        Activity.Current = null;
        return Source.StartActivity(step, ActivityKind.Internal, under);
    }

    /// <summary>Tells of a step that has ended, from two of its moments.</summary>
    public void Tell(string step, DateTimeOffset from, DateTimeOffset to, params ReadOnlySpan<(string Key, object? Value)> figures)
    {
        using Activity? span = Source.StartActivity(step, ActivityKind.Internal, default(ActivityContext), null, null, from);
        foreach ((string key, object? value) in figures) span?.SetTag(key, value);
        span?.SetEndTime(to.UtcDateTime);
    }

    /// <summary>Begins the span of a call under its caller's.</summary>
    /// <param name="name">The method's full name.</param>
    /// <param name="caller">The caller's span, sampled.</param>
    public Activity? BeginCall(string name, ActivityContext caller)
    {
        Interlocked.Increment(ref _open);
        return Source.StartActivity(name, ActivityKind.Server, caller);
    }

    /// <summary>Ends the span of a call. Once for each <see cref="BeginCall"/>.</summary>
    public void EndCall(Activity? call)
    {
        call?.Dispose();
        Interlocked.Decrement(ref _open);
    }

    /// <summary>
    /// Says in the span of the call, if there is one, which table answered it, and leads to the cycle that solved that table, or to the table's own trace where
    /// another process solved it. Of several decisions of one call the
    /// first is told and the others are counted.
    /// </summary>
    /// <param name="state">What answered.</param>
    /// <param name="service">The service, or <c>relay</c>.</param>
    /// <param name="region">The client's region; empty for none.</param>
    /// <param name="reason">Why.</param>
    public void Decided(ServingState state, string service, string region, DecisionReason reason)
    {
        if (Activity.Current is not { } span || !ReferenceEquals(span.Source, Source)) return;
        int before = span.GetTagItem(SpanTags.Decisions) as int? ?? 0;
        span.SetTag(SpanTags.Decisions, before + 1);
        if (before > 0) return;
        TableVersion version = state.Table.Version;
        span.SetTag(SpanTags.Epoch, version.Epoch).SetTag(SpanTags.Version, version.Number).SetTag(SpanTags.Overlay, (long)state.OverlayVersion)
            .SetTag(SpanTags.Service, service).SetTag(SpanTags.Reason, ReasonNames.Of(reason));
        if (region.Length > 0) span.SetTag(SpanTags.Region, region);
        span.AddLink(new ActivityLink(state.Solved != default ? state.Solved : TableTrace.Of(state.Table)));
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();
}
