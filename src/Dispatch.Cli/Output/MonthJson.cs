using System.Text.Json;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch month</c> as one JSON object.</summary>
internal static class MonthJson
{
    /// <summary>A month both ways.</summary>
    public static void Write(TextWriter output, World world, BillingPeriod period, int seed, MonthComparison month) => JsonLine.WriteObject(output, json =>
    {
        json.WriteString("world_version", world.Version);
        json.WriteNumber("seed", seed);
        json.WriteNumber("slots", period.Slots);
        json.WriteNumber("slots_per_hour", period.SlotsPerHour);
        json.WriteNumber("free_slots", period.FreeSlots);
        json.WriteNumber("saved_usd", (month.Naive.TotalMicroUsd - month.Aware.TotalMicroUsd) / 1e6);
        json.WriteNumber("saved_percent", Math.Round(month.SavedPercent, 4));
        json.WriteNumber("mean_rtt_paid_ms", Math.Round(month.MeanRttPaidMs, 3));
        json.WriteNumber("p95_rtt_paid_ms", Math.Round(month.P95RttPaidMs, 3));
        WriteFigures(json, "naive", month.Naive);
        WriteFigures(json, "aware", month.Aware);
        json.WriteStartArray("contracts");
        foreach (MonthRow row in MonthRow.Of(world, month)) WriteContract(json, row);
        json.WriteEndArray();
    });

    private static void WriteFigures(Utf8JsonWriter json, string name, MonthFigures figures)
    {
        json.WriteStartObject(name);
        json.WriteNumber("total_usd", figures.TotalMicroUsd / 1e6);
        json.WriteNumber("commit_usd", figures.Bills.Sum(static b => b.CommitMicroUsd) / 1e6);
        json.WriteNumber("overage_usd", figures.Bills.Sum(static b => b.OverageMicroUsd) / 1e6);
        json.WriteNumber("outside_contracts_usd", figures.OutsideMicroUsd / 1e6);
        json.WriteNumber("objective_usd", (double)figures.ObjectiveMicroUsd / 1e6);
        json.WriteNumber("demand_gb", Math.Round(figures.DemandGb, 3));
        json.WriteNumber("unserved_gb", Math.Round(figures.UnservedGb, 3));
        json.WriteNumber("floors_short_gb", Math.Round(figures.FloorShortGb, 3));
        json.WriteNumber("mean_rtt_ms", Math.Round(figures.MeanRttMs, 3));
        json.WriteNumber("p95_rtt_ms", Math.Round(figures.P95RttMs, 3));
        json.WriteNumber("slots", figures.Slots);
        json.WriteNumber("proved_slots", figures.ProvedSlots);
        json.WriteNumber("solves", figures.Solves);
        json.WriteNumber("seconds", Math.Round(figures.Elapsed.TotalSeconds, 3));
        json.WriteEndObject();
    }

    private static void WriteContract(Utf8JsonWriter json, MonthRow row)
    {
        json.WriteStartObject();
        json.WriteString("id", row.Contract.Id);
        json.WriteString("billing", MonthRow.Word(row.Contract.Billing));
        json.WriteNumber("commit_gbps", row.Contract.Commit.Value);
        json.WriteNumber("planned_level_gbps", row.Planned.Gbps);
        json.WriteNumber("free_slots_used", row.FreeSlotsUsed);
        WriteBill(json, "naive", row.Naive);
        WriteBill(json, "aware", row.Aware);
        json.WriteEndObject();
    }

    private static void WriteBill(Utf8JsonWriter json, string name, ContractBill bill)
    {
        json.WriteStartObject(name);
        json.WriteNumber("level_gbps", bill.Level.Gbps);
        json.WriteNumber("commit_usd", bill.CommitMicroUsd / 1e6);
        json.WriteNumber("overage_usd", bill.OverageMicroUsd / 1e6);
        json.WriteEndObject();
    }
}

/// <summary>One contract's month both ways.</summary>
internal sealed record MonthRow(Contract Contract, Mbps Planned, int FreeSlotsUsed, ContractBill Naive, ContractBill Aware)
{
    /// <summary>The contracts that bill, in file order.</summary>
    public static IReadOnlyList<MonthRow> Of(World world, MonthComparison month)
    {
        List<MonthRow> rows = [];
        for (int c = 0; c < world.Facts.Contracts.Length; c++)
        {
            if (world.Facts.Contracts[c].Tiers.IsEmpty) continue;
            int at = rows.Count;
            rows.Add(new(world.Facts.Contracts[c], month.Levels[c], month.Aware.BurstSlots[at], month.Naive.Bills[at], month.Aware.Bills[at]));
        }
        return rows;
    }

    /// <summary>The word of <c>contracts.csv</c> for a method.</summary>
    public static string Word(BillingMethod method) => method == BillingMethod.Volume ? "volume" : "p95";
}
