using System.Globalization;
using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of the solve.</summary>
internal sealed partial class SettingsReader
{
    private const string Off = "off";

    private SolveSettings Solve() => new(
        Time("Solve:Interval", TimeSpan.FromSeconds(1), "00:00:01", TimeSpan.FromMinutes(5)), Whole("Solve:UtcHour", 0, 23))
    {
        Stability = Stability(),
        Failures = Switch("Solve:Failures", whenAbsent: true),
        Bursts = Switch("Solve:Bursts", whenAbsent: false),
        Reserve = Reserve(),
        MinMaxSlackPercent = WholeOrOff("Solve:MinMaxSlackPercent", 0, 100, whenAbsent: null),
        MaxRtt = WholeOrOff("Solve:MaxRttMs", 1, 100_000, whenAbsent: null) is { } bound ? new Milliseconds(bound) : null,
        Candidates = Whole("Solve:Candidates", 1, 65_535) ?? SolveOptions.Default.Candidates,
    };

    private StabilitySettings Stability()
    {
        StabilitySettings defaults = new();
        return new()
        {
            MoveCost = Whole("Solve:MoveCost", 0, 1_000_000) ?? defaults.MoveCost,
            OnloadPercent = WholeOrOff("Solve:OnloadPercent", 1, 100, defaults.OnloadPercent),
            Pace = new Pace(Whole("Solve:PacePercent", 1, 100) ?? defaults.Pace.Percent, Whole("Solve:DeadBandPercent", 0, 100) ?? defaults.Pace.DeadBandPercent),
            MoveBudgetPercent = WholeOrOff("Solve:MoveBudgetPercent", 0, 100, defaults.MoveBudgetPercent),
            ArrivalTime = Time("Solve:ArrivalTime", TimeSpan.Zero, "00:00:00", defaults.ArrivalTime),
        };
    }

    private Reserve? Reserve()
    {
        string text = Text("Solve:ReservePlaces");
        int? charge = Whole("Solve:ReserveCharge", 0, 1_000_000);
        ReservePlaces? places = text.ToLowerInvariant() switch
        {
            "zone" => ReservePlaces.Zone,
            "continent" => ReservePlaces.Continent,
            "contract" => ReservePlaces.None,
            _ => null,
        };
        if (places is null && text.Length > 0 && !IsOff(text)) Fault("Solve:ReservePlaces", text, "must be zone, continent, contract or off");
        if (places is null && charge is not null) Fault("Solve:ReserveCharge", Text("Solve:ReserveCharge"), "needs Solve:ReservePlaces beside it: there is no reserve to charge for");
        if (places is not { } chosen) return null;
        Reserve reserve = new() { Places = chosen };
        return charge is { } given ? reserve with { Charge = given } : reserve;
    }

    private TimeSpan Time(string key, TimeSpan least, string leastText, TimeSpan whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        // "5" would read as five days: a time of day must show its colons.
        bool read = TimeSpan.TryParseExact(text, ["c", @"h\:mm\:ss", @"hh\:mm\:ss"], CultureInfo.InvariantCulture, out TimeSpan time);
        if (!read || time < least || time > TimeSpan.FromDays(1))
            Fault(key, text, $"must be hours:minutes:seconds, {leastText} to 1.00:00:00, for instance 00:05:00");
        return time;
    }

    private bool Switch(string key, bool whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        if (!IsOff(text) && !string.Equals(text, "on", StringComparison.OrdinalIgnoreCase)) Fault(key, text, "must be on or off");
        return !IsOff(text);
    }

    private int? WholeOrOff(string key, int least, int most, int? whenAbsent)
    {
        string text = Text(key);
        if (text.Length == 0) return whenAbsent;
        if (IsOff(text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most) return value;
        Fault(key, text, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}, or off"));
        return whenAbsent;
    }

    private static bool IsOff(string text) => string.Equals(text, Off, StringComparison.OrdinalIgnoreCase);
}
