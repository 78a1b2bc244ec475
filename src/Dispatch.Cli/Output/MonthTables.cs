using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve.Billing;
using Grid = Spectre.Console.Table;

namespace TrafficDispatch.Cli.Output;

/// <summary>Writes the answer of <c>dispatch month</c> for people.</summary>
internal static class MonthTables
{
    /// <summary>Figures of both months, then the bill of each contract, the greatest savings first.</summary>
    public static void Write(Terminal terminal, World world, BillingPeriod period, MonthComparison month)
    {
        PlainTable.Write(terminal, Figures(terminal, world, period, month));
        PlainTable.Write(terminal, Contracts(terminal, world, month));
        terminal.Output.Write(string.Create(CultureInfo.InvariantCulture,
            $"saved {month.SavedPercent:F2} % of the bill; round trip {month.MeanRttPaidMs:+0.00;-0.00;0.00} ms in the mean, {month.P95RttPaidMs:+0.0;-0.0;0.0} ms at 95 %; {month.Naive.ProvedSlots + month.Aware.ProvedSlots} of {month.Naive.Slots + month.Aware.Slots} slots proved\n"));
    }

    private static Grid Figures(Terminal terminal, World world, BillingPeriod period, MonthComparison month)
    {
        Grid table = PlainTable.New(terminal,
            string.Create(CultureInfo.InvariantCulture, $"{period.Slots} slots, {period.FreeSlots} of them free"), "", "no burst awareness>", "burst-aware>");
        Row("bill, USD", static f => Text(f.TotalMicroUsd / 1e6, "F0"));
        foreach (BillingMethod method in new[] { BillingMethod.Percentile95, BillingMethod.Volume })
            Row($"  {MonthRow.Word(method)} contracts", f => Text(f.Bills.Where(b => world.Facts.Contracts.Any(c => c.Id == b.ContractId && c.Billing == method)).Sum(static b => b.TotalMicroUsd) / 1e6, "F0"));
        Row("  outside contracts", static f => Text(f.OutsideMicroUsd / 1e6, "F0"));
        Row("  of it commits, due anyhow", static f => Text(f.Bills.Sum(static b => b.CommitMicroUsd) / 1e6, "F0"));
        Row("bill, latency and unserved, USD", static f => Text((double)f.ObjectiveMicroUsd / 1e6, "F0"));
        Row("demand, GB", static f => Text(f.DemandGb, "F0"));
        Row("unserved, GB", static f => Text(f.UnservedGb, "F0"));
        Row("floors short, GB", static f => Text(f.FloorShortGb, "F0"));
        Row("round trip, mean ms", static f => Text(f.MeanRttMs, "F2"));
        Row("round trip, 95 % ms", static f => Text(f.P95RttMs, "F1"));
        Row("solves", static f => Text(f.Solves, "F0"));
        Row("seconds", static f => Text(f.Elapsed.TotalSeconds, "F1"));
        return table;

        void Row(string name, Func<MonthFigures, string> of) => table.Row(name, of(month.Naive), of(month.Aware));
    }

    private static Grid Contracts(Terminal terminal, World world, MonthComparison month)
    {
        Grid table = PlainTable.New(terminal, "contracts", "contract", "billing", "commit, Gbit/s>", "billed level>", "burst-aware>", "free slots used>", "bill, USD>", "burst-aware>");
        foreach (MonthRow row in MonthRow.Of(world, month).OrderByDescending(static r => r.Naive.TotalMicroUsd - r.Aware.TotalMicroUsd))
        {
            table.Row(row.Contract.Id, MonthRow.Word(row.Contract.Billing), Text(row.Contract.Commit.Value, "F1"), Text(row.Naive.Level.Gbps, "F1"), Text(row.Aware.Level.Gbps, "F1"),
                Text(row.FreeSlotsUsed, "F0"), Text(row.Naive.TotalMicroUsd / 1e6, "F0"), Text(row.Aware.TotalMicroUsd / 1e6, "F0"));
        }
        return table;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
