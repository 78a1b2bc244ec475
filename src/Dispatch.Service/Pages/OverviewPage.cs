using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using TrafficDispatch.Protocol.V1;
using TrafficDispatch.Service.Serve;
using TrafficDispatch.Service.Serving;
using TrafficDispatch.Solve.Baselines;
using PlanWorth = TrafficDispatch.Protocol.V1.PlanWorth;

namespace TrafficDispatch.Service.Pages;

/// <summary>The page at <c>/plain</c>: what is in force, in plain HTML without script, for text browsers and where scripts are not wanted. Thread-safe.</summary>
internal sealed class OverviewPage(TableHolder holder, StatusService status, BoundEndpoints endpoints)
{
    private const int Listed = 15;

    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>TrafficDispatch</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:56rem;padding:0 1rem}
        table{border-collapse:collapse;margin:.5rem 0}th,td{overflow-wrap:anywhere;padding:.15rem .8rem .15rem 0;text-align:left}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{background:#8882;padding:.1rem .3rem}</style></head><body>
        <h1>TrafficDispatch</h1>

        """;

    /// <summary>Renders the page as things stand.</summary>
    /// <param name="showsAll">True with money.</param>
    public string Render(bool showsAll)
    {
        StatusReply now = status.Now();
        StringBuilder page = new(Head);
        Line(page, "p", $"State: {now.State}. Program {now.ProgramVersion}.");
        if (now.LastError.Length > 0) Line(page, "p", "Last failure: " + now.LastError);
        GuardSection.Add(page, now.Freeze);
        GuardSection.Add(page, now.Guard);
        if (holder.Current is { } state)
        {
            AddTable(page, now);
            FailureSection.Add(page, now);
            if (state.Plan is { } plan)
            {
                AddPlan(page, now, state, plan, showsAll);
                if (showsAll) BillingSection.Add(page, now);
            }
            else Line(page, "p", "This table was read from disk; no solve of this process has confirmed it yet.");
        }
        AddLinks(page);
        return page.Append("</body></html>\n").ToString();
    }

    private static void AddTable(StringBuilder page, StatusReply now)
    {
        Line(page, "h2", "Table in force");
        Rows(page, ["", ""],
        [
            ["Version", $"{now.TableEpoch}.{now.TableVersion}"],
            ["Built", now.PublishedAt.ToDateTimeOffset().ToString("u", CultureInfo.InvariantCulture)],
            ["Confirmed", Number(now.TableAgeSeconds) + " s ago"],
            ["Demand of", $"{now.UtcHour:00}:00 UTC"],
            ["World", now.WorldVersion],
            ["Content", now.ContentHash],
            ["Holds", $"{now.Regions} regions, {now.Edges} edges, {now.Relays} relays, {now.Origins} origins, {now.Services} services" + (now.Prefixes > 0 ? $", {now.Prefixes} prefixes" : "")],
        ]);
    }

    private static void AddPlan(StringBuilder page, StatusReply now, ServingState state, PlanSummary plan, bool showsAll)
    {
        Line(page, "h2", "Plan");
        Line(page, "p", $"Solved {now.SolveStatus} in {Number(now.SolveMs)} ms by {now.Kernel}; certificate {(now.CertificateValid ? "holds" : "does not hold")}.");
        AddBaselines(page, now, showsAll);
        if (!showsAll) Line(page, "p", "Costs are withheld: they are shown on this machine, and to callers with the role of a viewer.");
        foreach (Contradiction found in now.Contradictions) Line(page, "p", $"Contradiction: {found.Subject}: {found.Rule}. Remedy: {found.Remedy}.");
        Line(page, "h2", "Fullest edges");
        Line(page, "p", string.Create(CultureInfo.InvariantCulture, $"{plan.EdgeUse.Count(static use => use >= 1)} of {plan.EdgeUse.Length} are full."));
        Rows(page, ["Edge", "Used"], [.. Enumerable.Range(0, plan.EdgeUse.Length).OrderByDescending(e => plan.EdgeUse[e]).Take(Listed)
            .Select(e => (string[])[state.Table.Content.Edges[e].Id, Number(100 * plan.EdgeUse[e]) + " %"])]);
        Line(page, "h2", "Regions with unserved traffic");
        if (plan.UnservedRegions.IsEmpty) Line(page, "p", "None.");
        else Rows(page, ["Region", "Unserved, Mbit/s"],
            [.. plan.UnservedRegions.Take(Listed).Select(static r => (string[])[r.Region, r.Mbps.ToString(CultureInfo.InvariantCulture)])]);
        if (plan.UnservedRegions.Length > Listed) Line(page, "p", $"and {plan.UnservedRegions.Length - Listed} more.");
    }

    /// <summary>The optimum beside its baselines, a column a plan, and what it saves beside each.</summary>
    private static void AddBaselines(StringBuilder page, StatusReply now, bool showsAll)
    {
        PlanFigures[] plans = [now.Optimum, .. now.Baselines.Select(static b => b.Figures)];
        string[] names = [.. now.Baselines.Select(static b => b.Name == GreedyBaseline.Name ? "Greedy" : b.Name)];
        Rows(page, ["", "Optimum", .. names],
        [
            Cells("Demand, Gbit/s", plans, static p => p.DemandMbps / 1000.0),
            Cells("Unserved, Gbit/s", plans, static p => p.UnservedMbps / 1000.0),
            .. now.OptimumByClass.Select((c, i) => (string[])[$"of {c.ClassId}, priority {c.Priority}", Number(c.Figures.UnservedMbps / 1000.0),
                .. now.Baselines.Select(b => Number(b.ByClass[i].Figures.UnservedMbps / 1000.0))]),
            .. showsAll ? new[] { Cells("Cost, USD an hour", plans, static p => p.CostMicroUsdPerHour / 1e6) } : [],
            Cells("Mean round trip, ms", plans, static p => p.MeanRttUs / 1000.0),
            Cells("50 % within, ms", plans, static p => p.P50RttUs / 1000.0),
            Cells("95 % within, ms", plans, static p => p.P95RttUs / 1000.0),
            Cells("99 % within, ms", plans, static p => p.P99RttUs / 1000.0),
        ]);
        PlanWorth[] worth = [.. now.Baselines.Select(static b => b.OptimumSaves)];
        Rows(page, ["The optimum saves beside", .. names],
        [
            Cells("Unserved, Gbit/s", worth, static w => w.UnservedMbps / 1000.0),
            .. showsAll
                ? new[]
                {
                    Cells("Cost, USD an hour", worth, static w => w.CostMicroUsdPerHour / 1e6),
                    Cells("at equal volume", worth, static w => w.CostAtEqualVolumeMicroUsdPerHour / 1e6),
                }
                : [],
            Cells("Mean round trip, ms", worth, static w => w.MeanRttUs / 1000.0),
            Cells("50 % within, ms", worth, static w => w.P50RttUs / 1000.0),
            Cells("95 % within, ms", worth, static w => w.P95RttUs / 1000.0),
        ]);
    }

    private static string[] Cells<T>(string label, T[] plans, Func<T, double> value) => [label, .. plans.Select(p => Number(value(p)))];

    private void AddLinks(StringBuilder page)
    {
        Line(page, "h2", "Ask");
        page.Append("<p><a href=\"/metrics\">/metrics</a>, <a href=\"/healthz\">/healthz</a></p>\n");
        page.Append("<p>Over gRPC at ").Append(Html(endpoints.GrpcUrl)).Append(", services <code>dispatch.v1.Routing</code>, ")
            .Append("<code>dispatch.v1.Relay</code> and <code>dispatch.v1.Status</code>, with reflection; or <code>dispatch resolve ADDRESS --address ")
            .Append(Html(endpoints.GrpcUrl)).Append("</code></p>\n");
    }

    internal static void Rows(StringBuilder page, string[] head, string[][] rows)
    {
        page.Append("<table>");
        if (Array.Exists(head, static h => h.Length > 0)) Row(page, "th", head);
        foreach (string[] row in rows) Row(page, "td", row);
        page.Append("</table>\n");
    }

    private static void Row(StringBuilder page, string cell, string[] texts)
    {
        page.Append("<tr>");
        for (int i = 0; i < texts.Length; i++)
        {
            bool isNumber = i > 0 && texts.Length > 2 && texts[i].Length > 0 && (char.IsAsciiDigit(texts[i][0]) || texts[i][0] == '-');
            page.Append('<').Append(cell).Append(isNumber ? " class=\"n\">" : ">").Append(Html(texts[i])).Append("</").Append(cell).Append('>');
        }
        page.Append("</tr>\n");
    }

    internal static void Line(StringBuilder page, string tag, string text) =>
        page.Append('<').Append(tag).Append('>').Append(Html(text)).Append("</").Append(tag).Append(">\n");

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);

    internal static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}
