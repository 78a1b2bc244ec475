using System.Globalization;
using System.Text;
using TrafficDispatch.Protocol.V1;

namespace TrafficDispatch.Service.Pages;

/// <summary>The part of the overview that tells why the last table stays: the guard, or a person.</summary>
internal static class GuardSection
{
    /// <summary>Writes it; nothing while tables pass.</summary>
    public static void Add(StringBuilder page, GuardStatus guard)
    {
        if (guard.Findings.Count == 0) return;
        OverviewPage.Line(page, "h2", "Guard");
        OverviewPage.Line(page, "p", $"The guard has kept the last good table for {OverviewPage.Number(guard.HoldingSeconds)} s.");
        OverviewPage.Rows(page, ["Rule", "Value", "Limit", "What", "Remedy"],
            [.. guard.Findings.Select(static f => (string[])[f.Rule, Shown(f.Value), Shown(f.Limit), f.Message, f.Remedy])]);
    }

    /// <summary>Writes who has stopped publishing; nothing while it goes on.</summary>
    public static void Add(StringBuilder page, FreezeStatus? freeze)
    {
        if (freeze is null) return;
        string end = freeze.Until is { } until ? until.ToDateTimeOffset().ToString("u", CultureInfo.InvariantCulture) : "it is taken back";
        OverviewPage.Line(page, "h2", "Frozen");
        OverviewPage.Line(page, "p", $"{freeze.By} stopped publishing at {freeze.SetAt.ToDateTimeOffset().ToString("u", CultureInfo.InvariantCulture)} until {end}. {freeze.Reason}");
    }

    private static string Shown(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
