using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>Reads <c>health.csv</c> (<c>kind,id,state,factor</c>) and <c>allowed.csv</c> (<c>jurisdiction,hop,allowed</c>).</summary>
internal static class LawTables
{
    public const string HealthFile = "health.csv";

    /// <summary>An empty factor is 1.</summary>
    public static ImmutableArray<HealthStatement> ReadHealth(WorldDraft draft, IReadOnlySet<string> operators, IReadOnlySet<string> domains)
    {
        if (TableReader.Open(draft.Files, HealthFile, required: false) is not { } t) return [];
        Column kind = t.Required("kind"), id = t.Required("id"), state = t.Required("state"), factor = t.Optional("factor");
        if (!t.Begin()) return [];
        ImmutableArray<HealthStatement>.Builder rows = ImmutableArray.CreateBuilder<HealthStatement>();
        Dictionary<(HealthScope, string), int> lines = [];
        while (t.Next())
        {
            int before = draft.Log.FaultCount;
            HealthScope scope = t.Word(
                kind, ("edge", HealthScope.Edge), ("relay", HealthScope.Relay), ("origin", HealthScope.Origin),
                ("domain", HealthScope.Domain), ("operator", HealthScope.Operator));
            if (draft.Log.FaultCount == before) CheckTarget(t, id, scope, draft, operators, domains);
            HealthState value = t.Word(state, ("up", HealthState.Up), ("down", HealthState.Down), ("drained", HealthState.Drained));
            HealthStatement row = new(scope, t.Text(id).ToString(), value, t.Number(factor, NumberRule.Share, absent: 1));
            rows.Add(row);
            if (!t.IsBroken && !lines.TryAdd((scope, row.Id), t.Line)) t.Fault(id, $"must be stated once: line {lines[(scope, row.Id)]} has it too");
        }
        return rows.ToImmutable();
    }

    public static ImmutableArray<AllowedHop> ReadAllowed(WorldDraft draft)
    {
        if (TableReader.Open(draft.Files, "allowed.csv", required: false) is not { } t) return [];
        Column law = t.Required("jurisdiction"), hop = t.Required("hop"), allowed = t.Required("allowed");
        if (!t.Begin()) return [];
        ImmutableArray<AllowedHop>.Builder rows = ImmutableArray.CreateBuilder<AllowedHop>();
        Dictionary<(string, NodeKind), int> lines = [];
        while (t.Next())
        {
            string code = t.Label(law);
            bool sure = draft.Regions.IsComplete && draft.Edges.IsComplete && draft.Relays.IsComplete && draft.Origins.IsComplete;
            if (sure && TableReader.IsLabel(code) && !draft.Jurisdictions.IsNamed(code))
                t.Fault(law, "must be the jurisdiction of some region or node");
            NodeKind kind = t.Word(hop, ("edge", NodeKind.Edge), ("relay", NodeKind.Relay), ("origin", NodeKind.Origin));
            ImmutableArray<string> into = t.List(allowed);
            if (t.IsEmpty(allowed)) t.Fault(allowed, "must name at least one jurisdiction");
            foreach (string j in into)
                if (sure && !draft.Jurisdictions.IsKnown(j) && !draft.Jurisdictions.IsNamed(j))
                    t.Fault(allowed, $"'{FaultLog.Shown(j)}' {Jurisdictions.Rule}");
            rows.Add(new(code, kind, into));
            if (!t.IsBroken && !lines.TryAdd((code, kind), t.Line))
                t.Fault(hop, $"must be ruled once for the jurisdiction: line {lines[(code, kind)]} has it too");
        }
        return rows.ToImmutable();
    }

    private static void CheckTarget(
        TableReader t, Column id, HealthScope scope, WorldDraft draft, IReadOnlySet<string> operators, IReadOnlySet<string> domains)
    {
        bool nodesKnown = draft.Edges.IsComplete && draft.Relays.IsComplete && draft.Origins.IsComplete;
        string text = t.Text(id).ToString();
        switch (scope)
        {
            case HealthScope.Edge: draft.Edges.Find(t, id); break;
            case HealthScope.Relay: draft.Relays.Find(t, id); break;
            case HealthScope.Origin: draft.Origins.Find(t, id); break;
            case HealthScope.Operator when draft.Edges.IsComplete && !operators.Contains(text):
                t.Fault(id, $"must be an operator of {PlaceTables.EdgesFile}");
                break;
            case HealthScope.Domain when nodesKnown && !domains.Contains(text):
                t.Fault(id, "must be the fault domain of some node");
                break;
        }
    }
}
