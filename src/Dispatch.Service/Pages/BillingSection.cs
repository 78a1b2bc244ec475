using System.Globalization;
using System.Text;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Pages;

/// <summary>The part of the overview that tells the billing month of every contract.</summary>
internal static class BillingSection
{
    /// <summary>Writes it; nothing where no contract bills.</summary>
    public static void Add(StringBuilder page, StatusReply now)
    {
        if (now.Contracts.Count == 0) return;
        OverviewPage.Line(page, "h2", $"Billing month {now.BillingMonth}");
        OverviewPage.Rows(page, ["Contract", "Billed by", "Slots", "Billed, Gbit/s", "Paid up to, Gbit/s", "Bursts left", "Volume, TB", "Bill now, USD"],
            [.. now.Contracts.Select(static c => (string[])
            [
                c.ContractId, c.Billing, string.Create(CultureInfo.InvariantCulture, $"{c.NextSlot} of {c.Slots}"), OverviewPage.Number(c.BilledMbps / 1000.0),
                OverviewPage.Number(c.PaidMbps / 1000.0), OverviewPage.Number(c.BurstsLeft), OverviewPage.Number(c.Gigabytes / 1000),
                OverviewPage.Number(c.BillMicroUsd / 1e6),
            ])]);
    }
}
