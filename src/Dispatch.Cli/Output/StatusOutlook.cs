using System.Globalization;
using System.Text.Json;
using TrafficDispatch.Protocol.V1;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>The parts of a status that look beyond the plan: what is down, failures, and the billing month.</summary>
internal static class StatusOutlook
{
    private const int Listed = 5;

    /// <summary>Writes the fields, named as in the protocol.</summary>
    public static void WriteJson(Utf8JsonWriter json, StatusReply reply)
    {
        json.WriteNumber("moved_gbps", reply.MovedMbps / 1000.0);
        json.WriteStartArray("overlay");
        foreach (OverlayStatement said in reply.Overlay)
        {
            json.WriteStartObject();
            json.WriteString("source", said.Source);
            json.WriteString("kind", said.Kind);
            json.WriteString("id", said.Id);
            json.WriteString("state", said.State);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteFreeze(json, reply.Freeze);
        WriteFailures(json, reply.Failures ?? new());
        WriteBilling(json, reply);
    }

    /// <summary>Adds the rows.</summary>
    public static void Add(Grid table, StatusReply reply)
    {
        foreach (OverlayStatement said in reply.Overlay) table.Row("out", $"{said.Kind} {said.Id} {said.State}, says {said.Source}");
        if (reply.Freeze is { } freeze)
            table.Row("frozen", $"by {freeze.By} since {AdminReport.Moment(freeze.SetAt)} UTC until {(freeze.Until is { } until ? AdminReport.Moment(until) + " UTC" : "it is taken back")}{(freeze.Reason.Length > 0 ? $": {freeze.Reason}" : "")}");
        FailureStatus failures = reply.Failures ?? new();
        table.Row("failures", Text($"{failures.State}: {failures.Tried} tried, {failures.Absorbed} absorbed, {failures.Failovers} failovers, {failures.AgeSeconds:F0} s ago"));
        foreach (UnabsorbedFailure worst in failures.Worst.Take(Listed))
            table.Row("not absorbed", Text($"{worst.Name}: {worst.UnservedMbps / 1000.0:F3} Gbit/s; {(worst.Fix.Length > 0 ? worst.Fix : "no capacity would fix it")}"));
        if (reply.Contracts.Count == 0) return;
        ContractMonth first = reply.Contracts[0];
        table.Row("billing", Text($"{reply.BillingMonth}, slot {first.NextSlot} of {first.Slots}: {reply.Contracts.Sum(static c => c.BillMicroUsd) / 1e6:F2} USD if the month ended now, {reply.Contracts.Count} contracts"));
    }

    private static void WriteFreeze(Utf8JsonWriter json, FreezeStatus? freeze)
    {
        if (freeze is null)
        {
            json.WriteNull("freeze");
            return;
        }
        json.WriteStartObject("freeze");
        json.WriteString("by", freeze.By);
        json.WriteString("reason", freeze.Reason);
        AdminReport.WriteMoment(json, "set_at", freeze.SetAt);
        AdminReport.WriteMoment(json, "until", freeze.Until);
        json.WriteNumber("cycles_held_back", freeze.CyclesHeldBack);
        json.WriteEndObject();
    }

    private static void WriteFailures(Utf8JsonWriter json, FailureStatus failures)
    {
        json.WriteStartObject("failures");
        json.WriteString("state", failures.State);
        json.WriteNumber("tried", failures.Tried);
        json.WriteNumber("absorbed", failures.Absorbed);
        json.WriteNumber("not_absorbed", failures.NotAbsorbed);
        json.WriteNumber("failovers", failures.Failovers);
        json.WriteNumber("age_seconds", double.IsFinite(failures.AgeSeconds) ? failures.AgeSeconds : 0);
        json.WriteNumber("elapsed_ms", double.IsFinite(failures.ElapsedMs) ? failures.ElapsedMs : 0);
        json.WriteStartArray("worst");
        foreach (UnabsorbedFailure worst in failures.Worst)
        {
            json.WriteStartObject();
            json.WriteString("name", worst.Name);
            json.WriteNumber("unserved_gbps", worst.UnservedMbps / 1000.0);
            json.WriteString("fix", worst.Fix);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBilling(Utf8JsonWriter json, StatusReply reply)
    {
        json.WriteTextOrNull("billing_month", reply.BillingMonth);
        json.WriteStartArray("contracts");
        foreach (ContractMonth contract in reply.Contracts)
        {
            json.WriteStartObject();
            json.WriteString("contract_id", contract.ContractId);
            json.WriteString("billing", contract.Billing);
            json.WriteNumber("next_slot", contract.NextSlot);
            json.WriteNumber("slots", contract.Slots);
            json.WriteNumber("billed_gbps", contract.BilledMbps / 1000.0);
            json.WriteNumber("paid_gbps", contract.PaidMbps / 1000.0);
            json.WriteNumber("bursts_left", contract.BurstsLeft);
            json.WriteNumber("gigabytes", double.IsFinite(contract.Gigabytes) ? contract.Gigabytes : 0);
            json.WriteNumber("bill_usd", contract.BillMicroUsd / 1e6);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
