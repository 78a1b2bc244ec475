using TrafficDispatch.Model;
using TrafficDispatch.Solve;
using TrafficDispatch.Solve.Failure;
using TrafficDispatch.Solve.Stability;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of the solve.</summary>
internal sealed partial class SettingsReader
{
    private SolveSettings Solve() => new(
        Time("Solve:Interval", TimeSpan.FromMinutes(5)), Whole("Solve:UtcHour"))
    {
        Stability = Stability(),
        Failures = Switch("Solve:Failures", whenAbsent: true),
        Bursts = Switch("Solve:Bursts", whenAbsent: false),
        Reserve = Reserve(),
        MinMaxSlackPercent = WholeOrOff("Solve:MinMaxSlackPercent", null),
        MaxRtt = WholeOrOff("Solve:MaxRttMs", null) is { } bound ? new Milliseconds(bound) : null,
        Candidates = Whole("Solve:Candidates") ?? SolveOptions.Default.Candidates,
    };

    private StabilitySettings Stability()
    {
        StabilitySettings defaults = new();
        return new()
        {
            MoveCost = Whole("Solve:MoveCost") ?? defaults.MoveCost,
            OnloadPercent = WholeOrOff("Solve:OnloadPercent", defaults.OnloadPercent),
            Pace = new Pace(Whole("Solve:PacePercent") ?? defaults.Pace.Percent, Whole("Solve:DeadBandPercent") ?? defaults.Pace.DeadBandPercent),
            MoveBudgetPercent = WholeOrOff("Solve:MoveBudgetPercent", defaults.MoveBudgetPercent),
            ArrivalTime = Time("Solve:ArrivalTime", defaults.ArrivalTime),
        };
    }

    private Reserve? Reserve()
    {
        int? charge = Whole("Solve:ReserveCharge");
        ReservePlaces? places = Word("Solve:ReservePlaces") switch
        {
            "zone" => ReservePlaces.Zone,
            "continent" => ReservePlaces.Continent,
            "contract" => ReservePlaces.None,
            _ => null,
        };
        if (places is null && charge is not null) Fault("Solve:ReserveCharge", Text("Solve:ReserveCharge"), "needs Solve:ReservePlaces beside it: there is no reserve to charge for");
        if (places is not { } chosen) return null;
        Reserve reserve = new() { Places = chosen };
        return charge is { } given ? reserve with { Charge = given } : reserve;
    }
}
