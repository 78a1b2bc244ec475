using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Table;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>
/// The one meter, <c>TrafficDispatch</c>. What is counted on the way of a request is a plain number read on scrape; no label ever holds
/// a client's address. Thread-safe.
/// </summary>
public sealed class DispatchMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "TrafficDispatch";

    private const uint SampleMask = 63;

    [ThreadStatic]
    private static uint _begun;

    private static readonly TimeSpan RecordEvery = TimeSpan.FromSeconds(1);

    private readonly TableHolder _holder;
    private readonly DecisionTally _tally;
    private readonly Histogram<double> _solve, _sweep;
    private readonly SampledTimes _decision;
    private readonly ITimer _recorder;

    /// <summary>Makes the instruments.</summary>
    /// <param name="holder">What tables and their freshness are read from.</param>
    /// <param name="tally">What decisions are read from.</param>
    /// <param name="board">What the folding of samples is read from.</param>
    /// <param name="probes">What the traffic of probes is read from.</param>
    /// <param name="time">The clock.</param>
    public DispatchMeter(TableHolder holder, DecisionTally tally, TelemetryBoard board, ProbeTally probes, TimeProvider time)
    {
        (_holder, _tally) = (holder, tally);
        Meter = new Meter(Name, ProgramVersion.Text);
        _decision = new(Meter.CreateHistogram("dispatch_decision_duration_seconds", "s",
            "Time from a request to its answer, of every 64th decision.", null, Bounds(5e-7, 1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 1e-3, 1e-2)));
        _recorder = time.CreateTimer(static times => ((SampledTimes)times!).Record(), _decision, RecordEvery, RecordEvery);
        _solve = Meter.CreateHistogram("dispatch_solve_duration_seconds", "s",
            "Time of a solve, from the snapshot to the certified assignment.", null, Bounds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60));
        _sweep = Meter.CreateHistogram("dispatch_failure_sweep_duration_seconds", "s",
            "Time of trying every failure of a plan.", null, Bounds(0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300));
        AddCounters();
        AddGauges();
        FailureGauges.AddTo(Meter, holder);
        BillingGauges.AddTo(Meter, holder);
        TelemetryGauges.AddTo(Meter, board, time);
        GuardGauges.AddTo(Meter, holder);
        HealthGauges.AddTo(Meter, holder, probes);
        ReplicaGauges.AddTo(Meter, holder);
        RuntimeGauges.AddTo(Meter);
    }

    /// <summary>The meter itself.</summary>
    public Meter Meter { get; }

    /// <summary>The begin of a decision: a timestamp for one in 64, for reading the clock takes as long as finding a prefix; 0 for the others.</summary>
    public static long Begin() => (unchecked(_begun++) & SampleMask) == 0 ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Counts a decision, and times it if it is one of those that are timed.</summary>
    /// <param name="tally">The counters of its service.</param>
    /// <param name="reason">Why it is what it is.</param>
    /// <param name="begun">What <see cref="Begin"/> gave.</param>
    public void Decided(ServiceTally tally, DecisionReason reason, long begun)
    {
        tally.Add(reason);
        if (begun != 0) _decision.Leave(Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Records a solve, successful or not.</summary>
    public void SolveTook(TimeSpan time) => _solve.Record(time.TotalSeconds);

    /// <summary>Records a run of failures that ended.</summary>
    public void SweepTook(TimeSpan time) => _sweep.Record(time.TotalSeconds);

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorder.Dispose();
        Meter.Dispose();
    }

    private void AddCounters()
    {
        Meter.CreateObservableCounter("dispatch_decisions_total", Decisions, null, "Answers given, by service and reason.");
        Meter.CreateObservableCounter("dispatch_publishes_total", () => _holder.Record.Publishes, null, "Tables put in force by a solve.");
        Meter.CreateObservableCounter("dispatch_swap_failed_total", () => _holder.Record.Failures, null,
            "Cycles that could not renew or confirm the table; the last good one stayed.");
        Meter.CreateObservableCounter("dispatch_failover_publishes_total", () => _holder.Record.FailoverPublishes, null,
            "Tables put in force because failovers were made for the plan in force.");
        Meter.CreateObservableCounter("dispatch_failover_failed_total", () => _holder.Record.FailoverFailures, null,
            "Runs of failures that were refused or ended in an exception; the plan stayed without new failovers.");
        Meter.CreateObservableCounter("dispatch_failover_late_total", () => _holder.Record.FailoverLates, null,
            "Runs of failures that the next cycle cut off; the plan stayed without new failovers.");
        Meter.CreateObservableCounter("dispatch_health_refused_total", () => _holder.Refusals, null,
            "Statements of health that were refused; what was known before stayed.");
        Meter.CreateObservableCounter("dispatch_world_reload_failed_total", () => _holder.Record.WorldFailures, null,
            "Loads of the world that were refused; the last good one stayed.");
    }

    private void AddGauges()
    {
        Meter.CreateObservableGauge("dispatch_build_info", static () => new Measurement<int>(1, Tag("version", ProgramVersion.Text)), null,
            "The program's version; always 1.");
        Meter.CreateObservableGauge("dispatch_table_age_seconds", () => OfState(s => _holder.Age(s).TotalSeconds), "s",
            "Time since a solve last made or confirmed the table in force.");
        Meter.CreateObservableGauge("dispatch_table_version", () => OfState(static s => s.Table.Version.Number), null,
            "Number of the table in force, within its epoch.");
        Meter.CreateObservableGauge("dispatch_table_epoch", () => OfState(static s => s.Table.Version.Epoch), null, "Epoch of the table in force.");
        Meter.CreateObservableGauge("dispatch_edge_utilization_ratio", EdgeUse, null, "Part of its usable capacity that the plan gives each edge.");
        Meter.CreateObservableGauge("dispatch_contract_utilization_ratio", ContractUse, null, "Part of its ceiling that the plan gives each contract that has one.");
        Meter.CreateObservableGauge("dispatch_unserved_mbps", Unserved, null, "Traffic that the plan serves nowhere, in Mbit/s, by priority of its class.");
        Meter.CreateObservableGauge("dispatch_class_unserved_mbps", UnservedByClass, null, "Traffic that the plan serves nowhere, in Mbit/s, by traffic class.");
        Meter.CreateObservableGauge("dispatch_moved_mbps", Moved, null,
            "Traffic that the plan took from edges that may go on serving it, against the plan before, in Mbit/s.");
        Meter.CreateObservableGauge("dispatch_overlay_version", () => OfState(static s => (long)s.OverlayVersion), null, "Version of the health overlay; 0 while nothing was said.");
        Meter.CreateObservableGauge("dispatch_overlay_down_nodes", () => OfState(static s => (long)s.Overlay.DownCount), null,
            "Edges, relays and origins that answers leave out for the overlay.");
        Meter.CreateObservableGauge("dispatch_table_stale", () => _holder.Freshness() == Freshness.Ready ? 0 : 1, null,
            "1 while the last cycle failed, the table was not confirmed for three intervals, or there is none.");
    }

    private IEnumerable<Measurement<long>> Decisions()
    {
        foreach ((string service, Table.DecisionReason reason, long count) in _tally.Counts())
            yield return new(count, Tag("service", service), Tag("reason", ReasonNames.Of(reason)));
    }

    private IEnumerable<Measurement<T>> OfState<T>(Func<ServingState, T> read)
        where T : struct
    {
        if (_holder.Current is { } state) yield return new(read(state));
    }

    private IEnumerable<Measurement<double>> EdgeUse()
    {
        if (_holder.Current is not { Plan: { } plan } state) yield break;
        for (int e = 0; e < plan.EdgeUse.Length; e++) yield return new(plan.EdgeUse[e], Tag("edge", state.Table.Content.Edges[e].Id));
    }

    private IEnumerable<Measurement<double>> ContractUse() =>
        _holder.Current?.Plan is { } plan ? plan.ContractUse.Select(static c => new Measurement<double>(c.Use, Tag("contract", c.ContractId))) : [];

    private IEnumerable<Measurement<long>> Unserved()
    {
        if (_holder.Current?.Plan is not { } plan) yield break;
        foreach (IGrouping<int, ClassUnserved> level in plan.UnservedByClass.GroupBy(static c => c.Priority))
            yield return new(level.Sum(static c => c.Mbps), Tag("priority", Text(level.Key)));
    }

    private IEnumerable<Measurement<long>> UnservedByClass()
    {
        if (_holder.Current?.Plan is not { } plan) yield break;
        foreach (ClassUnserved known in plan.UnservedByClass) yield return new(known.Mbps, Tag("class", known.ClassId), Tag("priority", Text(known.Priority)));
    }

    private IEnumerable<Measurement<long>> Moved()
    {
        if (_holder.Current?.Plan?.MovedMbps is { } mbps) yield return new(mbps);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    private static InstrumentAdvice<double> Bounds(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };
}
