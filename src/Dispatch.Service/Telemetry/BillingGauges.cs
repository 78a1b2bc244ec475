using System.Diagnostics.Metrics;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Telemetry;

/// <summary>Gauges of the running month of every contract that bills.</summary>
internal static class BillingGauges
{
    private const double MicroUsdPerUsd = 1e6, BytesPerGigabyte = 1e9;

    /// <summary>Adds them to the meter.</summary>
    public static void AddTo(Meter meter, TableHolder holder)
    {
        meter.CreateObservableGauge("dispatch_billing_billed_mbps", () => Of(holder, static c => c.BilledMbps), null,
            "Level that would be billed if the month ended now, in Mbit/s; never below the commit.");
        meter.CreateObservableGauge("dispatch_billing_paid_mbps", () => Of(holder, static c => c.PaidMbps), null,
            "Level up to which traffic costs nothing more, as planned, in Mbit/s.");
        meter.CreateObservableGauge("dispatch_billing_bursts_left", () => Of(holder, static c => c.BurstsLeft), null,
            "Free slots of the month that are left while the paid level is held.");
        meter.CreateObservableGauge("dispatch_billing_month_bytes", () => Of(holder, static c => c.Gigabytes * BytesPerGigabyte), "By", "Volume of the month so far.");
        meter.CreateObservableGauge("dispatch_billing_month_usd", () => Of(holder, static c => c.BillMicroUsd / MicroUsdPerUsd), null,
            "Bill if the month ended now, commit included, in US dollars.");
    }

    private static IEnumerable<Measurement<double>> Of(TableHolder holder, Func<ContractMonth, double> read)
    {
        if (holder.Current?.Plan is not { } plan) yield break;
        foreach (ContractMonth contract in plan.Billing.Contracts)
            yield return new(read(contract), new KeyValuePair<string, object?>("contract", contract.ContractId));
    }
}
