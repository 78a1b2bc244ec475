using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>
/// What is in force, for the page. Written twice: for those who may see all, and without money, prices and what tells of them. What is left out is not there at all.
/// </summary>
/// <param name="moment">What it is written from.</param>
/// <param name="showsAll">True with money and prices.</param>
/// <param name="mostFlows">Most flows that are written.</param>
internal sealed class StateJson(PageMoment moment, bool showsAll, int mostFlows)
{
    private readonly StatusReply _now = moment.Status;

    /// <summary>Writes it. O(edges + regions + flows written).</summary>
    public byte[] Write() => JsonBytes.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", moment.Id);
        json.WriteBoolean("all", showsAll);
        json.WriteString("program", _now.ProgramVersion);
        json.WriteString("places", moment.Places.Tag);
        json.WriteString("state", _now.State);
        json.WriteString("lastError", _now.LastError);
        WriteHolds(json);
        if (moment.State is { } state)
        {
            WriteTable(json, state);
            WriteFigures(json);
            WriteEdges(json, state);
            WriteFlows(json);
            new ContractsJson(moment, showsAll).Write(json, state);
            FailuresJson.Write(json, _now);
        }
        json.WriteEndObject();
    });

    /// <summary>What changes with time alone, and whether things are well. Apart from the state, which many see long after it was written.</summary>
    public static byte[] Pulse(StatusReply now, TimeSpan staleAfter) => JsonBytes.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("state", now.State);
        json.WriteNumber("ageSeconds", Math.Round(now.TableAgeSeconds, 1));
        json.WriteNumber("staleAfterSeconds", staleAfter.TotalSeconds);
        json.WriteNumber("holdingSeconds", Math.Round(now.Guard.HoldingSeconds, 1));
        json.WriteNumber("failuresAgeSeconds", Math.Round(now.Failures?.AgeSeconds ?? 0, 1));
        json.WriteNumber("samplesAgeSeconds", Math.Round(now.Telemetry.NewestAgeSeconds, 1));
        json.WriteEndObject();
    });

    /// <summary>Who or what holds publishing back, and how the process stands among others.</summary>
    private void WriteHolds(Utf8JsonWriter json)
    {
        json.WriteStartObject("guard");
        json.WriteString("state", _now.Guard.State);
        json.WriteObjects("findings", _now.Guard.Findings, static (j, f) =>
        {
            j.WriteString("rule", f.Rule);
            j.WriteString("message", f.Message);
            j.WriteString("remedy", f.Remedy);
        });
        json.WriteEndObject();
        if (_now.Freeze is { } freeze)
        {
            json.WriteStartObject("freeze");
            json.WriteString("by", freeze.By);
            json.WriteString("reason", freeze.Reason);
            json.WriteString("setAt", freeze.SetAt.ToDateTimeOffset());
            if (freeze.Until is { } until) json.WriteString("until", until.ToDateTimeOffset());
            json.WriteEndObject();
        }
        if (_now.Replica is { } replica)
        {
            json.WriteStartObject("replica");
            json.WriteString("role", replica.Role);
            json.WriteString("name", replica.Name);
            json.WriteBoolean("leads", replica.Leads);
            json.WriteString("leader", replica.Leader);
            json.WriteString("trouble", replica.Trouble);
            json.WriteEndObject();
        }
        json.WriteStartObject("telemetry");
        json.WriteNumber("freshDemandShare", _now.Telemetry.FreshDemandShare);
        json.WriteNumber("freshRegions", _now.Telemetry.FreshRegions);
        json.WriteEndObject();
    }

    private void WriteTable(Utf8JsonWriter json, ServingState state)
    {
        json.WriteStartObject("table");
        json.WriteString("version", state.Table.Version.ToString());
        json.WriteNumber("overlay", state.OverlayVersion);
        json.WriteString("hash", state.Table.ContentHash);
        json.WriteString("world", state.Table.Content.WorldVersion);
        json.WriteString("builtAt", state.Table.BuiltAt);
        json.WriteNumber("utcHour", state.Table.Content.UtcHour);
        json.WriteNumber("prefixes", _now.Prefixes);
        json.WriteEndObject();
        if (state.Plan is null) return;
        json.WriteStartObject("plan");
        json.WriteString("status", _now.SolveStatus);
        json.WriteString("kernel", _now.Kernel);
        json.WriteNumber("solveMs", Math.Round(_now.SolveMs, 1));
        json.WriteBoolean("certificate", _now.CertificateValid);
        json.WriteNumber("movedMbps", _now.MovedMbps);
        json.WriteEndObject();
    }

    private void WriteFigures(Utf8JsonWriter json)
    {
        if (_now.Optimum is null) return;
        json.WriteStartArray("figures");
        WriteFigures(json, "optimum", "This plan: the exact optimum.", _now.Optimum);
        foreach (Baseline baseline in _now.Baselines) WriteFigures(json, baseline.Name, baseline.Rule, baseline.Figures);
        json.WriteEndArray();
        json.WriteObjects("classes", _now.OptimumByClass, static (j, c) =>
        {
            j.WriteString("id", c.ClassId);
            j.WriteNumber("priority", c.Priority);
            j.WriteNumber("demand", c.Figures.DemandMbps);
            j.WriteNumber("unserved", c.Figures.UnservedMbps);
            j.WriteNumber("p50Us", c.Figures.P50RttUs);
            j.WriteNumber("p95Us", c.Figures.P95RttUs);
            j.WriteNumber("p99Us", c.Figures.P99RttUs);
        });
        json.WriteObjects("contradictions", _now.Contradictions, static (j, c) =>
        {
            j.WriteString("subject", c.Subject);
            j.WriteString("rule", c.Rule);
            j.WriteString("remedy", c.Remedy);
        });
    }

    private void WriteFigures(Utf8JsonWriter json, string name, string rule, PlanFigures figures)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("rule", rule);
        json.WriteNumber("demand", figures.DemandMbps);
        json.WriteNumber("unserved", figures.UnservedMbps);
        json.WriteNumber("meanUs", figures.MeanRttUs);
        json.WriteNumber("p50Us", figures.P50RttUs);
        json.WriteNumber("p95Us", figures.P95RttUs);
        json.WriteNumber("p99Us", figures.P99RttUs);
        if (showsAll) json.WriteNumber("microUsdPerHour", figures.CostMicroUsdPerHour);
        json.WriteEndObject();
    }

    private void WriteEdges(Utf8JsonWriter json, ServingState state)
    {
        json.WriteStartObject("edges");
        json.WriteNumbers("load", moment.Traffic.EdgeLoad);
        json.WriteNumbers("capacity", moment.Traffic.EdgeCapacity);
        json.WriteNumbers("state", NodeStates.Of(state, 0, state.Table.Content.EdgeCount));
        if (!state.Overlay.Kept.IsEmpty) json.WriteNumbers("kept", [.. state.Overlay.Kept.ToArray().Select(static k => (long)k)]);
        if (showsAll && state.Plan is { } plan && plan.EdgeRoomPrice.Length == state.Table.Content.EdgeCount)
        {
            json.WriteNumbers("room", plan.EdgeRoomPrice.AsSpan());
            json.WriteNumbers("door", plan.EdgeDoorPrice.AsSpan());
        }
        json.WriteEndObject();
        json.WriteStartObject("regions");
        json.WriteNumbers("demand", moment.Traffic.RegionDemand);
        json.WriteNumbers("unserved", moment.Traffic.RegionUnserved);
        json.WriteEndObject();
        int relays = state.Table.Content.EdgeCount, origins = relays + state.Table.Content.Relays.Length;
        json.WriteNumbers("relays", NodeStates.Of(state, relays, state.Table.Content.Relays.Length));
        json.WriteNumbers("origins", NodeStates.Of(state, origins, state.Table.Content.Origins.Length));
    }

    /// <summary>Three numbers a flow: region, edge, Mbit/s.</summary>
    private void WriteFlows(Utf8JsonWriter json)
    {
        json.WriteStartObject("flows");
        json.WriteNumber("count", moment.Traffic.Flows.Length);
        json.WriteString("failover", moment.Traffic.Failover);
        json.WriteStartArray("rows");
        foreach (TrafficFlow flow in moment.Traffic.Flows.AsSpan(0, Math.Min(mostFlows, moment.Traffic.Flows.Length)))
        {
            json.WriteNumberValue(flow.Region);
            json.WriteNumberValue(flow.Edge);
            json.WriteNumberValue(flow.Mbps);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
