using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes who changed what.</summary>
internal static class HistoryReport
{
    /// <summary>Entries, newest first; as JSON a line each.</summary>
    public static void Write(Terminal terminal, HistoryReply reply, bool asJson)
    {
        if (asJson)
        {
            foreach (HistoryEntry entry in reply.Entries) WriteJson(terminal.Output, entry);
            return;
        }
        if (reply.Entries.Count == 0)
        {
            terminal.Output.Write("nothing was changed yet\n");
            return;
        }
        Grid grid = PlainTable.New(terminal, "changes", "at (UTC)", "who", "from", "action", "what", "result", "table", "reason");
        foreach (HistoryEntry e in reply.Entries)
        {
            string who = e.OnBehalfOf.Length > 0 ? $"{e.Who} for {e.OnBehalfOf}" : e.Who;
            string table = e.Before == e.After || e.After.Length == 0 ? e.Before : $"{e.Before} to {e.After}";
            string result = e.Result is "done" or "begun" || e.Detail.Length == 0 ? e.Result : $"{e.Result}: {e.Detail}";
            grid.Row(AdminReport.Moment(e.At), who.Length > 0 ? who : "(unknown)", e.From, e.Action, e.What, result, table, e.Reason);
        }
        PlainTable.Write(terminal, grid);
    }

    private static void WriteJson(TextWriter output, HistoryEntry e) => JsonLine.WriteObject(output, json =>
    {
        AdminReport.WriteMoment(json, "at", e.At);
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)
            [
                ("id", e.Id), ("who", e.Who), ("role", e.Role), ("on_behalf_of", e.OnBehalfOf), ("credential", e.Credential), ("from", e.From), ("action", e.Action),
                ("what", e.What), ("reason", e.Reason), ("result", e.Result), ("detail", e.Detail), ("before", e.Before), ("after", e.After), ("process", e.Process),
            ])
        {
            json.WriteString(name, value);
        }
    });
}
