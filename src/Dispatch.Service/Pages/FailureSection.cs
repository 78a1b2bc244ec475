using System.Globalization;
using System.Text;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Pages;

/// <summary>The part of the overview that tells what is down and how far the plan is prepared for failures.</summary>
internal static class FailureSection
{
    /// <summary>Writes it.</summary>
    public static void Add(StringBuilder page, StatusReply now)
    {
        OverviewPage.Line(page, "h2", "Failures");
        if (now.Overlay.Count > 0)
        {
            OverviewPage.Line(page, "p", $"Overlay {now.OverlayVersion}: answers leave out what follows.");
            OverviewPage.Rows(page, ["Source", "What", "State"], [.. now.Overlay.Select(static o => (string[])[o.Source, $"{o.Kind} {o.Id}", o.State == "lightened" ? $"keeps {o.KeptPercent} %" : o.State])]);
        }
        AddHealth(page, now.Health);
        FailureStatus failures = now.Failures;
        OverviewPage.Line(page, "p", string.Create(CultureInfo.InvariantCulture,
            $"The table ships {failures.Failovers} failovers. {Told(failures)}"));
        if (failures.Worst.Count == 0) return;
        OverviewPage.Rows(page, ["Not absorbed", "Unserved, Mbit/s", "What would fix it"],
            [.. failures.Worst.Select(static w => (string[])[w.Name, w.UnservedMbps.ToString(CultureInfo.InvariantCulture), w.Fix])]);
    }

    private static void AddHealth(StringBuilder page, HealthReport health)
    {
        if (health.Held.Count > 0) OverviewPage.Line(page, "p", $"Automation has stopped at its cap: {string.Join(", ", health.Held)} serve on though a quorum holds them down.");
        if (health.Damped.Count > 0) OverviewPage.Line(page, "p", $"Out because they fell too often: {string.Join(", ", health.Damped)}.");
        if (health.Distrusted.Count > 0) OverviewPage.Line(page, "p", $"Distrusted vantages: {string.Join(", ", health.Distrusted)} of {health.Vantages}.");
    }

    private static string Told(FailureStatus failures) => failures.State switch
    {
        "made" => string.Create(CultureInfo.InvariantCulture,
            $"{failures.Tried} failures tried {OverviewPage.Number(failures.AgeSeconds)} s ago in {OverviewPage.Number(failures.ElapsedMs)} ms: {failures.Absorbed} absorbed, {failures.NotAbsorbed} not."),
        "pending" => "The failures of this plan are being tried.",
        "late" => "The next cycle was due before all failures of this plan were tried.",
        "failed" => "Trying the failures of this plan ended in a fault; see the log.",
        _ => "Failures of this plan were not tried.",
    };
}
