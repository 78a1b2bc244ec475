using System.Globalization;
using TrafficDispatch.Service.Access;
using TrafficDispatch.Service.Health;

namespace TrafficDispatch.Service.Options;

/// <summary>The settings of automation.</summary>
internal sealed partial class SettingsReader
{
    private HealthSettings Health()
    {
        HealthSettings d = new();
        return new()
        {
            Quorum = Whole("Health:Quorum") ?? d.Quorum,
            BadToFall = Whole("Health:BadToFall") ?? d.BadToFall,
            GoodToRise = Whole("Health:GoodToRise") ?? d.GoodToRise,
            MostTakenPercent = Whole("Health:MostTakenPercent") ?? d.MostTakenPercent,
            MostTakenDomainPercent = Whole("Health:MostTakenDomainPercent") ?? d.MostTakenDomainPercent,
            PenaltyHalfLife = Time("Health:PenaltyHalfLife", d.PenaltyHalfLife),
            TelemetryVote = Vote() ?? d.TelemetryVote,
            TelemetryLossPercent = Whole("Health:TelemetryLossPercent") ?? d.TelemetryLossPercent,
            TelemetryRegions = Whole("Health:TelemetryRegions") ?? d.TelemetryRegions,
            TelemetryReporters = Whole("Health:TelemetryReporters") ?? d.TelemetryReporters,
            ReturnStep = Time("Health:ReturnStep", d.ReturnStep),
        };
    }

    private TelemetryVote? Vote() => Word("Health:TelemetryVote") switch
    {
        "off" => TelemetryVote.Off,
        "one" => TelemetryVote.One,
        "quorum" => TelemetryVote.Quorum,
        _ => null,
    };

    private ProbeSettings Probes()
    {
        return new(Switch("Health:RemoteProbes", whenAbsent: false)) { Tokens = Tokens("Probes:TokenFile", TokenLines.Named) };
    }

    private LoadSettings Load()
    {
        LoadSettings d = new();
        LoadSettings load = new()
        {
            CeilingPercent = Whole("Load:CeilingPercent") ?? d.CeilingPercent,
            TargetPercent = Whole("Load:TargetPercent") ?? d.TargetPercent,
            RoomPercent = Whole("Load:RoomPercent") ?? d.RoomPercent,
            StepPercent = Whole("Load:StepPercent") ?? d.StepPercent,
            LeastKeptPercent = Whole("Load:LeastKeptPercent") ?? d.LeastKeptPercent,
            Settling = Time("Load:Settling", d.Settling),
            RecoverEvery = Time("Load:RecoverEvery", d.RecoverEvery),
        };
        if (load.RoomPercent >= load.TargetPercent || load.TargetPercent >= load.CeilingPercent)
        {
            Fault("Load:TargetPercent", load.TargetPercent.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"must be above Load:RoomPercent ({load.RoomPercent}) and below Load:CeilingPercent ({load.CeilingPercent}), or loads would swing"));
        }
        return load;
    }
}
