using System.Collections.Immutable;

namespace TrafficDispatch.Model.Files;

/// <summary>The columns of <c>services.csv</c>.</summary>
internal sealed class ServiceColumns(TableReader t)
{
    private readonly Column _id = t.Required("service_id"), _class = t.Required("class"), _hosts = t.Optional("hostnames");
    private readonly Column _operators = t.Optional("operators"), _edges = t.Optional("edges"), _ttl = t.Optional("ttl_s");
    private readonly Column _share = t.Optional("class_share"), _over = t.Optional("over_capacity"), _down = t.Optional("all_down");
    private readonly Column _fallback = t.Optional("fallback_host");

    public Service Read(TableReader t, WorldDraft draft, IReadOnlySet<string> operators, Dictionary<string, int> hostLines)
    {
        string id = draft.Services.Add(t, _id);
        draft.Classes.Find(t, _class);
        string classId = t.Text(_class).ToString();
        ImmutableArray<string> allowed = t.List(_operators), edges = t.List(_edges);
        foreach (string o in allowed)
            if (draft.Edges.IsComplete && !operators.Contains(o))
                t.Fault(_operators, $"'{FaultLog.Shown(o)}' must be an operator of {PlaceTables.EdgesFile}");
        draft.Edges.Check(t, _edges, edges);
        return new(
            id, classId, Hosts(t, hostLines), allowed, edges,
            t.IsEmpty(_ttl) ? Service.DefaultTtlSeconds : t.Whole(_ttl, 5, 300),
            t.Number(_share, NumberRule.Fraction, absent: 1),
            t.IsEmpty(_over) ? OverCapacityPolicy.Spill : t.Word(_over, ("spill", OverCapacityPolicy.Spill), ("shed", OverCapacityPolicy.Shed)),
            Policy(t), Fallback(t));
    }

    private AllDownPolicy Policy(TableReader t) => t.IsEmpty(_down)
        ? AllDownPolicy.LastGood
        : t.Word(_down, ("last_good", AllDownPolicy.LastGood), ("fallback", AllDownPolicy.Fallback), ("nodata", AllDownPolicy.NoData));

    private ImmutableArray<string> Hosts(TableReader t, Dictionary<string, int> lines)
    {
        ImmutableArray<string>.Builder hosts = ImmutableArray.CreateBuilder<string>();
        foreach (string item in t.List(_hosts))
        {
            if (!HostName.TryNormalize(item, out string host)) t.Fault(_hosts, $"'{FaultLog.Shown(item)}' {HostName.Rule}");
            else if (!lines.TryAdd(host, t.Line)) t.Fault(_hosts, $"'{host}' must be a name of one service: line {lines[host]} has it too");
            hosts.Add(host);
        }
        return hosts.ToImmutable();
    }

    private string? Fallback(TableReader t)
    {
        if (t.Text(_down) is not "fallback")
        {
            if (!t.IsEmpty(_fallback)) t.Warn(_fallback, "is not used: all_down is not fallback");
            return null;
        }
        if (HostName.TryNormalize(t.Text(_fallback), out string host)) return host;
        t.Fault(_fallback.Exists ? _fallback : _down, _fallback.Exists ? HostName.Rule : "needs a column fallback_host");
        return null;
    }
}
